// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import io.dimstore.jobs.FailureText;
import io.dimstore.jobs.sql.StoreTable;
import io.dimstore.migration.gate.Evidence;
import io.dimstore.migration.gate.Finding;
import io.dimstore.migration.phase.MigrationState;
import io.dimstore.mirror.control.ChangeCarriers;
import io.dimstore.mirror.control.ChangeCarriers.Coverage;
import io.dimstore.spi.StoreException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How the changes of writers that do not use dimstore reach the new store: by what replicates the
 * old store, or not at all, if the operator states that there are no such writers.
 */
final class ForeignWriters {

  private static final String STATEMENT = "allWritersUseDimstore";

  private static final String NOT_COVERED =
      "writers that do not use dimstore (say --all-writers-use-dimstore if there are none)";

  private final StoreTable from;

  ForeignWriters(StoreTable from) {
    this.from = from;
  }

  /**
   * What a preflight found.
   *
   * @param finding the evidence
   * @param text the same for people, with warnings
   */
  record Found(Finding finding, String text) {}

  /** Finds out who covers foreign writers. */
  Found preflight(boolean allWritersUseDimstore) throws InterruptedException {
    Optional<ChangeCarriers> carriers = ChangeCarriers.of(from.store());
    List<String> notes = new ArrayList<>();
    Coverage coverage = null;
    if (carriers.isPresent()) {
      try {
        coverage = carriers.get().coverage(from.storeOptions(), from.spec());
      } catch (StoreException e) {
        notes.add("which replication covers the table is not known: " + FailureText.inOneLine(e));
      }
    }
    if (coverage != null && !coverage.others().isEmpty()) {
      notes.add("also replicated by " + String.join(", ", coverage.others()));
    }
    if (coverage != null && !coverage.carriers().isEmpty()) {
      notes.add(
          0,
          coverage.uncovered().isEmpty()
              ? "changes of other writers are carried by " + String.join(", ", coverage.carriers())
              : "WARNING: not carried: " + String.join("; ", coverage.uncovered()));
      return new Found(replicated(coverage), String.join("; ", notes));
    }
    if (coverage != null && !coverage.uncovered().isEmpty()) {
      notes.add(String.join("; ", coverage.uncovered()));
    }
    notes.add(
        0,
        allWritersUseDimstore
            ? "nothing carries the changes of other writers; the operator states that there are none"
            : "WARNING: nothing carries the changes of writers that do not use dimstore, and they"
                + " cannot be detected");
    return new Found(
        new Finding(
            Instant.now(),
            new Evidence.Replication(0, allWritersUseDimstore ? List.of() : List.of(NOT_COVERED)),
            Map.of(STATEMENT, Boolean.toString(allWritersUseDimstore))),
        String.join("; ", notes));
  }

  /**
   * Measures the lag now. If nothing carries the table's changes any more, only the statement of
   * the preflight counts, and not a replication that it has found.
   *
   * @return empty if the evidence of the preflight decides
   */
  Optional<Finding> now(MigrationState state) throws InterruptedException {
    Optional<ChangeCarriers> carriers = ChangeCarriers.of(from.store());
    if (carriers.isEmpty()) {
      return Optional.empty();
    }
    try {
      Coverage coverage = carriers.get().coverage(from.storeOptions(), from.spec());
      if (coverage.carriers().isEmpty()) {
        return isStated(state) || !isPreflighted(state)
            ? Optional.empty()
            : Optional.of(notCovered());
      }
      return Optional.of(replicated(coverage));
    } catch (StoreException e) {
      if (isStated(state)) {
        return Optional.empty();
      }
      return Optional.of(
          new Finding(
              Instant.now(),
              new Evidence.Replication(
                  0, List.of("the old store does not tell: " + FailureText.inOneLine(e)))));
    }
  }

  private static Finding notCovered() {
    return new Finding(Instant.now(), new Evidence.Replication(0, List.of(NOT_COVERED)));
  }

  private static boolean isPreflighted(MigrationState state) {
    return state.findings().stream()
        .anyMatch(finding -> finding.evidence() instanceof Evidence.Replication);
  }

  private static boolean isStated(MigrationState state) {
    return state.findings().stream()
        .filter(finding -> finding.evidence() instanceof Evidence.Replication)
        .anyMatch(finding -> "true".equals(finding.context().get(STATEMENT)));
  }

  private static Finding replicated(Coverage coverage) {
    Map<String, String> context = new TreeMap<>();
    context.put("carriers", String.join(", ", coverage.carriers()));
    context.put("waitingLogs", Long.toString(coverage.waiting()));
    if (!coverage.others().isEmpty()) {
      context.put("others", String.join(", ", coverage.others()));
    }
    return new Finding(
        Instant.now(),
        new Evidence.Replication(coverage.lagMillis(), coverage.uncovered()),
        context);
  }
}
