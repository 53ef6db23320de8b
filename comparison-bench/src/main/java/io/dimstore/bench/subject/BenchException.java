// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.subject;

import org.jspecify.annotations.Nullable;

/**
 * Thrown if a measurement or a comparison could not be completed. The message is written for the
 * user and names a remedy.
 */
public final class BenchException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public BenchException(String message) {
    this(message, null);
  }

  public BenchException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
