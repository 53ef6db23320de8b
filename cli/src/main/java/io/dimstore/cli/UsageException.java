// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli;

/**
 * Thrown if the command line is wrong although each option on its own is valid. The command prints
 * the message and ends with {@link ExitCodes#USAGE}. {@link Usage} creates these exceptions.
 */
public final class UsageException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
