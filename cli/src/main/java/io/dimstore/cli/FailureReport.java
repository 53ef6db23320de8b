// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli;

/**
 * A failure as it is reported to the user.
 *
 * @param exitCode one of {@link ExitCodes}
 * @param message one line with what failed and the remedy
 */
public record FailureReport(int exitCode, String message) {

  /** A failure of a server, a store, a job or a file. */
  public static FailureReport failed(String message) {
    return new FailureReport(ExitCodes.FAILED, message);
  }

  /** Wrong usage that was detected only after the options had been parsed. */
  public static FailureReport usage(String message) {
    return new FailureReport(ExitCodes.USAGE, message);
  }
}
