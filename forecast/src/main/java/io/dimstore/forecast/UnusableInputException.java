// SPDX-License-Identifier: Apache-2.0
package io.dimstore.forecast;

/** Thrown if nothing that was read can be used. The message is one line for the user. */
final class UnusableInputException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UnusableInputException(String message) {
    super(message);
  }
}
