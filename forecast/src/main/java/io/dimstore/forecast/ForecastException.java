// SPDX-License-Identifier: Apache-2.0
package io.dimstore.forecast;

/** Thrown if a forecast is not possible. The message is one line for the user. */
public final class ForecastException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ForecastException(String message) {
    super(message);
  }
}
