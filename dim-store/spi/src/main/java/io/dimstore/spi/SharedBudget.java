// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

/**
 * A table whose options limit what a whole job may use of it per second, regardless of the number
 * of processes. Each user of a table joins with its fraction of the job. The store of a process
 * adds up the fractions of its users, and limits itself to that part of the limit.
 *
 * <p>While no user has joined, the store uses the whole limit, as if its process were the only one.
 */
public interface SharedBudget {

  /** What a user does with the table. Reads and writes have separate limits. */
  enum Use {
    READ,
    WRITE
  }

  /**
   * Adds a user until the returned part is closed.
   *
   * @param use what the user does with the table
   * @param fraction above 0 and at most 1, for instance 0.25 for one of four subtasks
   * @return the user's part; closing it is idempotent
   */
  Part join(Use use, double fraction);

  /** The fraction of one user; closing it gives the fraction back. */
  interface Part extends AutoCloseable {
    @Override
    void close();
  }
}
