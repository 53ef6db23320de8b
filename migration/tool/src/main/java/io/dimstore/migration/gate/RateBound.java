// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.gate;

/** The one-sided 95 % bound of the rate of rare events. */
final class RateBound {

  private static final double DOUBT = 0.05;

  private RateBound() {}

  /**
   * Returns the rate that lies above the true one with a probability of 95 %: the exact upper bound
   * of a Poisson mean (Garwood 1936), divided by the trials. For no events this is about 3 by the
   * number of trials. Returns 1 if there were no trials.
   *
   * @param events number of events, at least 0
   * @param trials number of trials, at least {@code events}
   */
  static double upper(long events, long trials) {
    if (events < 0 || trials < events) {
      throw new IllegalArgumentException(events + " events in " + trials + " trials");
    }
    if (trials == 0) {
      return 1;
    }
    double low = events;
    double high = events + 10 * Math.sqrt(events + 1.0) + 10;
    for (int i = 0; i < 200 && high - low > 1e-12 * high; i++) {
      double mean = (low + high) / 2;
      if (atMost(events, mean) > DOUBT) {
        low = mean;
      } else {
        high = mean;
      }
    }
    return Math.min(1, high / trials);
  }

  /** Returns the probability of at most {@code events} events of a Poisson distribution. */
  private static double atMost(long events, double mean) {
    // The terms are summed from the largest one, at k = events, because mean >= events here.
    double logTerm = -mean;
    for (long k = 1; k <= events; k++) {
      logTerm += Math.log(mean / k);
    }
    double sum = 0;
    double term = Math.exp(logTerm);
    for (long k = events; k >= 0 && term > 0; k--) {
      sum += term;
      term *= k / mean;
    }
    return sum;
  }
}
