package io.dimstore.bench.forecast;

/** Why there is no forecast, in a line for people. */
final class ForecastException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ForecastException(String message) {
    super(message);
  }
}
