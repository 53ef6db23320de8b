// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.phase;

import io.dimstore.migration.gate.Evidence;
import io.dimstore.migration.gate.Finding;
import io.dimstore.migration.gate.Limits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is stored of a table's migration. Immutable.
 *
 * @param format version of the stored format
 * @param table the table's name
 * @param phase where the migration stands
 * @param since when it reached the phase
 * @param limits the limits of the gates
 * @param findings the newest evidence of each kind
 * @param entries number of entries in the log
 * @param step the step that is being carried out, or null
 */
public record MigrationState(
    int format,
    String table,
    Phase phase,
    Instant since,
    Limits limits,
    List<Finding> findings,
    long entries,
    @Nullable Step step) {

  /** The format that this version writes, and the newest that it reads. */
  static final int FORMAT = 1;

  /** Copies the list. */
  public MigrationState {
    findings = List.copyOf(findings);
  }

  /**
   * A step that is being carried out.
   *
   * @param transition what is done
   * @param id identifies the process and the attempt; empty if the attempt has failed
   * @param by who runs it, for people
   * @param began when it began
   * @param beat counts up while its process lives
   */
  public record Step(Transition transition, String id, String by, Instant began, long beat) {

    /** Returns whether a process may still be working on it. */
    public boolean mayBeRunning() {
      return !id.isEmpty();
    }

    Step failed() {
      return new Step(transition, "", by, began, beat);
    }

    Step withNextBeat() {
      return new Step(transition, id, by, began, beat + 1);
    }
  }

  /** Returns the state of a migration that has only been planned. */
  static MigrationState planned(String table, Limits limits, Instant now) {
    return new MigrationState(FORMAT, table, Phase.PLANNED, now, limits, List.of(), 0, null);
  }

  MigrationState withStep(@Nullable Step next) {
    return new MigrationState(format, table, phase, since, limits, findings, entries, next);
  }

  /**
   * Returns this state after a step.
   *
   * @param logged number of entries in the log, with that of the step
   */
  MigrationState after(Phase reached, List<Finding> found, long logged, Instant now) {
    List<Finding> all = new ArrayList<>(findings);
    for (Finding finding : found) {
      all.removeIf(old -> old.evidence().getClass().equals(finding.evidence().getClass()));
      all.add(finding);
    }
    return new MigrationState(
        format, table, reached, reached == phase ? since : now, limits, all, logged, null);
  }

  /** Returns this state without evidence of one kind, because what it showed has changed. */
  MigrationState without(Class<? extends Evidence> kind) {
    return new MigrationState(
        format,
        table,
        phase,
        since,
        limits,
        findings.stream().filter(finding -> !kind.isInstance(finding.evidence())).toList(),
        entries,
        step);
  }
}
