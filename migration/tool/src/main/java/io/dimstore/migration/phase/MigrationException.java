// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.phase;

/** A step that is not possible now. The message says why, and what to do. */
public final class MigrationException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Creates a failure. */
  public MigrationException(String message) {
    super(message);
  }

  /** Creates a failure with its cause. */
  public MigrationException(String message, Throwable cause) {
    super(message, cause);
  }
}
