// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.step;

import io.dimstore.migration.gate.Finding;
import io.dimstore.mirror.control.ModeRecords;
import java.time.Duration;
import java.util.Optional;

/** A table of two stores, as the steps of a migration use it. */
public interface MirroredTable {

  /** Returns the records of the table's mode. */
  ModeRecords modes();

  /** Returns the time after which every process acts on a change of the mode. */
  Duration propagation();

  /** Waits, and reports why. */
  void pause(Duration time, String reason) throws InterruptedException;

  /** Copies the rows of pending writes to the store that lacks them, until none is pending. */
  void reconcile() throws InterruptedException;

  /** Counts the keys of pending writes, in both directions. */
  long pending() throws InterruptedException;

  /**
   * Reads the sums of a series of shadow reads, dated when they were last published; empty if none
   * were published.
   */
  Optional<Finding> shadowReads(String series) throws InterruptedException;
}
