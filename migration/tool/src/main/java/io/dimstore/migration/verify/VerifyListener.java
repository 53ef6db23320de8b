// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.verify;

/**
 * Receives the progress of a verification. Called from several threads, and must return at once.
 */
@FunctionalInterface
public interface VerifyListener {

  /** Ignores everything. */
  VerifyListener NONE = (step, done, total) -> {};

  /** What a verification does at the moment. */
  enum Step {
    /** Reads both tables and adds up their buckets; counts rows. */
    DIGEST,
    /** Reads both tables and compares the rows of buckets that differ; counts rows. */
    COMPARE,
    /** Reads suspicious keys again; counts keys. */
    RECHECK,
    /** Compares the copies of the source, such as a cache; counts keys. */
    COPIES,
    /** Waits until outdated copies are not read any more; counts the copies that differ. */
    COPIES_SETTLE,
    /** Compares the copies that differ again; counts the keys of their part of the table. */
    COPIES_AGAIN
  }

  /**
   * Reports progress.
   *
   * @param total an estimate, or negative if there is none yet
   */
  void progress(Step step, long done, long total);
}
