package io.dimstore.bench.store;

/** One side of a ratio: the store, or the plain client that does the same. */
@FunctionalInterface
interface Side {

  /**
   * Makes a block ready; this is not timed.
   *
   * @param round decides which rows, in which order: the same for both sides of a pair
   */
  Block block(long round);

  /** A number of rows to read or to write. */
  @FunctionalInterface
  interface Block {

    /** What is timed; returns when the last row is done. */
    void run();

    /** Fails where the block did not do the work that is compared; not timed. */
    default void check() {}
  }
}
