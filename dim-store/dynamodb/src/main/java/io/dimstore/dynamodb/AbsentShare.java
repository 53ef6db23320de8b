package io.dimstore.dynamodb;

/**
 * How many of the last rows written were not there before: decides what the next ones are taken
 * for, so that a mix costs no more wrong guesses than its rarer kind has rows. Thread-safe.
 */
final class AbsentShare {

  /** The last dozens of rows count: a batch of the other kind is enough to change the mind. */
  private static final double WEIGHT = 1.0 / 16;

  private double share = 1;

  /** Whether the next row is likelier not to be there. */
  synchronized boolean isLikely() {
    return share > 0.5;
  }

  /** One row more was found absent, or there. */
  synchronized void observe(boolean absent) {
    share += WEIGHT * ((absent ? 1 : 0) - share);
  }
}
