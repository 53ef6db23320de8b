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
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How the changes of writers that do not use dimstore reach the new store: by what replicates the
 * old store, or not at all, if the operator states that there are no such writers. A statement that
 * the rows of the old store contradict is refused: changes of such a writer would be lost.
 */
final class ForeignWriters {

  private static final String STATEMENT = "allWritersUseDimstore";

  private static final String NOT_REACHED = "rowsThatDidNotReachTheNewStore";

  private static final String ENDED_AT = "otherWritersEndedAt";

  /**
   * Without a statement when other programs wrote last, a row that one of them wrote in this time
   * contradicts that there are none. It is longer than the time between two runs of a weekly job.
   */
  private static final Duration RECENT = Duration.ofDays(8);

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
   * @param contradicted whether the sample shows a writer that there is none of, as was stated
   */
  record Found(Finding finding, String text, boolean contradicted) {}

  /**
   * What rows say that were written since all jobs should write both stores.
   *
   * @param notReached a sentence about rows that did not reach the new store; empty if there are
   *     none. It holds until a preflight finds none
   * @param note for people; may be empty
   */
  record SinceStart(List<String> notReached, String note) {

    /** Nothing was copied yet. */
    static final SinceStart NOTHING = new SinceStart(List.of(), "");

    static SinceStart of(RowsSinceStart found) {
      return found.absent().isEmpty()
          ? new SinceStart(List.of(), found.text())
          : new SinceStart(List.of(found.text()), "");
    }

    /** Writes are pending, so that nothing can be said now. */
    static SinceStart undecided(MigrationState state) {
      return new SinceStart(
          ForeignWriters.notReached(state),
          "writes are pending, so rows that did not reach the new store were not looked for");
    }
  }

  /**
   * What the operator states.
   *
   * @param allWritersUseDimstore that no other program writes the table
   * @param endedAt since when; null if no other program has written it for a long time
   */
  record Statement(boolean allWritersUseDimstore, @Nullable Instant endedAt) {}

  /**
   * Finds out who covers foreign writers, and whether the sampled rows show any.
   *
   * @param written what the rows say that were written since all jobs should write both stores
   */
  Found preflight(Statement statement, SampledRows sampled, SinceStart written)
      throws InterruptedException {
    Optional<ChangeCarriers> carriers = ChangeCarriers.of(from.store());
    String foreign = sampled.rows() == 0 ? "" : sampled.foreignText();
    List<String> notes = new ArrayList<>();
    Coverage coverage = null;
    if (carriers.isPresent()) {
      try {
        coverage = carriers.get().coverage(from.storeOptions(), from.spec());
      } catch (StoreException e) {
        notes.add("which replication covers the table is not known: " + FailureText.inOneLine(e));
      }
    }
    if (!written.note().isEmpty()) {
      notes.add(written.note());
    }
    written.notReached().forEach(sentence -> notes.add("WARNING: " + sentence));
    if (coverage != null && !coverage.others().isEmpty()) {
      notes.add("also replicated by " + String.join(", ", coverage.others()));
    }
    if (coverage != null && !coverage.carriers().isEmpty()) {
      notes.add(
          0,
          coverage.uncovered().isEmpty()
              ? "changes of other writers are carried by " + String.join(", ", coverage.carriers())
              : "WARNING: not carried: " + String.join("; ", coverage.uncovered()));
      Finding finding = replicated(coverage, written.notReached());
      Map<String, String> context = context(sampled, written);
      context.putAll(finding.context());
      return new Found(
          new Finding(finding.at(), finding.evidence(), context), text(foreign, notes), false);
    }
    if (coverage != null && !coverage.uncovered().isEmpty()) {
      notes.add(String.join("; ", coverage.uncovered()));
    }
    Instant now = Instant.now();
    boolean stated = statement.allWritersUseDimstore();
    Instant since =
        statement.endedAt() == null
            ? now.minus(RECENT)
            : Objects.requireNonNull(statement.endedAt());
    long recent = sampled.foreignAfter(since);
    List<String> uncovered = new ArrayList<>(written.notReached());
    if (recent > 0) {
      String shown =
          String.format(
              Locale.ROOT,
              "%,d of %,d sampled rows were written by other programs after %s",
              recent,
              sampled.rows(),
              since.truncatedTo(ChronoUnit.SECONDS));
      uncovered.add(shown);
      notes.add(shown);
    }
    if (!stated) {
      uncovered.add(NOT_COVERED);
    }
    notes.add(0, notCarried(stated, recent > 0));
    Map<String, String> context = context(sampled, written);
    context.put(STATEMENT, Boolean.toString(stated));
    if (statement.endedAt() != null) {
      context.put(ENDED_AT, String.valueOf(statement.endedAt()));
    }
    return new Found(
        new Finding(now, new Evidence.Replication(0, uncovered), context),
        text(
            foreign + sampled.newestForeign().map(newest -> ", the newest at " + newest).orElse(""),
            notes),
        stated && recent > 0);
  }

  private static String text(String foreign, List<String> notes) {
    String all = String.join("; ", notes);
    return foreign.isEmpty() ? all : foreign + "; " + all;
  }

  private static String notCarried(boolean stated, boolean contradicted) {
    if (!stated) {
      return "WARNING: nothing carries the changes of writers that do not use dimstore";
    }
    return contradicted
        ? "refused: nothing carries the changes of other writers, and there are some, although the"
            + " operator states that there are none. Have their changes carried"
            + " (docs/hbase-endpoint.md), or end them and state when, with"
            + " --other-writers-ended-at"
        : "nothing carries the changes of other writers; the operator states that there are none";
  }

  private static Map<String, String> context(SampledRows sampled, SinceStart written) {
    Map<String, String> context = new TreeMap<>();
    context.put("sampledRows", Long.toString(sampled.rows()));
    if (sampled.foreign() != null) {
      context.put("rowsOfOtherWriters", Integer.toString(sampled.foreign().size()));
    }
    written.notReached().forEach(sentence -> context.put(NOT_REACHED, sentence));
    sampled
        .newestForeign()
        .ifPresent(newest -> context.put("newestOfOtherWriters", newest.toString()));
    return context;
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
            : Optional.of(unknown(NOT_COVERED, state));
      }
      return Optional.of(replicated(coverage, notReached(state)));
    } catch (StoreException e) {
      if (isStated(state)) {
        return Optional.empty();
      }
      return Optional.of(
          unknown("the old store does not tell: " + FailureText.inOneLine(e), state));
    }
  }

  private static Finding unknown(String why, MigrationState state) {
    Map<String, String> context = new TreeMap<>();
    List<String> uncovered = new ArrayList<>(List.of(why));
    for (String sentence : notReached(state)) {
      uncovered.add(sentence);
      context.put(NOT_REACHED, sentence);
    }
    return new Finding(Instant.now(), new Evidence.Replication(0, uncovered), context);
  }

  /** Returns what the last preflight found in the rows; no replication contradicts that. */
  private static List<String> notReached(MigrationState state) {
    return state.findings().stream()
        .filter(finding -> finding.evidence() instanceof Evidence.Replication)
        .flatMap(finding -> Optional.ofNullable(finding.context().get(NOT_REACHED)).stream())
        .toList();
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

  private static Finding replicated(Coverage coverage, List<String> notReached) {
    Map<String, String> context = new TreeMap<>();
    notReached.forEach(sentence -> context.put(NOT_REACHED, sentence));
    context.put("carriers", String.join(", ", coverage.carriers()));
    context.put("waitingLogs", Long.toString(coverage.waiting()));
    if (!coverage.others().isEmpty()) {
      context.put("others", String.join(", ", coverage.others()));
    }
    return new Finding(
        Instant.now(),
        new Evidence.Replication(
            coverage.lagMillis(),
            Stream.concat(coverage.uncovered().stream(), notReached.stream()).toList()),
        context);
  }
}
