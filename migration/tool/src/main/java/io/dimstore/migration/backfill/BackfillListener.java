// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.backfill;

/** Receives the progress of a backfill. Called from several threads, and must return at once. */
@FunctionalInterface
public interface BackfillListener {

  /** Ignores everything. */
  BackfillListener NONE = (rows, splitsDone, splits, share) -> {};

  /**
   * Reports progress.
   *
   * @param entries rows and tombstones that this process has copied
   * @param splitsDone splits that are copied, by this process or another
   * @param splits all splits
   * @param share the part of its time that the copy may use, below 1 while the impact guard slows
   *     it down
   */
  void progress(long entries, int splitsDone, int splits, double share);
}
