package io.dimstore.spi;

/**
 * A table whose options bound what a whole job may use of it in a second, whatever the number of
 * its processes. Each user says which part of the job it is; the parts of the users of one store
 * add up, so that the store of each process keeps to its part of the bound.
 *
 * <p>While nobody takes part, the whole bound is the store's: one process uses the table alone.
 */
public interface SharedBudget {

  /** What a user does with the table: each has a bound of its own. */
  enum Use {
    READ,
    WRITE
  }

  /**
   * Takes part until closed.
   *
   * @param use what for
   * @param fraction above 0 and at most 1, for instance a quarter for one of four subtasks
   * @return closing it is idempotent
   */
  Part join(Use use, double fraction);

  /** A user's part. */
  interface Part extends AutoCloseable {
    @Override
    void close();
  }
}
