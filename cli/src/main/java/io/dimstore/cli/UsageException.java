// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli;

/**
 * Thrown if the command line is wrong although each option on its own is valid. The command ends
 * with {@link ExitCodes#USAGE} and the message, which {@link Usage} words.
 */
public final class UsageException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
