// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.subject;

/**
 * Something to measure: a store, or a plain client that does the same work. Its work is divided
 * into blocks.
 */
@FunctionalInterface
public interface Subject {

  /**
   * Prepares a block. The preparation is not timed.
   *
   * @param round selects the rows and their order; all subjects that are compared get the same
   *     round
   */
  Block block(long round);

  /** A prepared number of rows to read or write. */
  @FunctionalInterface
  interface Block {

    /**
     * Processes the rows, and returns when the last one is done. This is the part that is timed.
     */
    void run();

    /** Fails if the block did not do the work to be compared. The check is not timed. */
    default void check() {}
  }
}
