// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.step;

import io.dimstore.migration.certificate.Certificates;
import io.dimstore.migration.gate.Finding;
import io.dimstore.migration.phase.EvidenceLog;
import io.dimstore.migration.phase.MigrationState;
import io.dimstore.mirror.control.ModeRecords;
import java.time.Duration;
import java.time.Instant;
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

  /** Returns the stored evidence. */
  EvidenceLog evidence();

  /** Returns the certificates. */
  Certificates certificates();

  /**
   * Measures the replication of writers that do not use dimstore; empty if nothing replicates the
   * table, so that the evidence of the preflight decides.
   *
   * @param state the state of the migration
   */
  Optional<Finding> replication(MigrationState state) throws InterruptedException;

  /** Counts the keys of pending writes, in both directions. */
  long pending() throws InterruptedException;

  /** Describes a take-over by the old store alone: who, when and why. Empty if that is unknown. */
  default String takeOver(long number) throws InterruptedException {
    return "";
  }

  /**
   * Reads the sums of a series of shadow reads. They are dated by the first comparison that they
   * contain, so that no part of them is older.
   *
   * @param notBefore comparisons that may be older are left out; if there are no others, all of
   *     them are returned with their date
   * @return empty if nothing was compared
   */
  Optional<Finding> shadowReads(String series, Instant notBefore) throws InterruptedException;
}
