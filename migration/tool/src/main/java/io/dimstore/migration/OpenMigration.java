// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import io.dimstore.cli.Progress;
import io.dimstore.cli.Usage;
import io.dimstore.jobs.StoreCalls;
import io.dimstore.jobs.sql.StorePreflight;
import io.dimstore.jobs.sql.StoreTable;
import io.dimstore.migration.certificate.Certificates;
import io.dimstore.migration.gate.Evidence;
import io.dimstore.migration.gate.Finding;
import io.dimstore.migration.phase.EvidenceLog;
import io.dimstore.migration.phase.MigrationException;
import io.dimstore.migration.phase.MigrationState;
import io.dimstore.migration.phase.OldStoreRecords;
import io.dimstore.migration.phase.StepRunner;
import io.dimstore.migration.step.MirroredTable;
import io.dimstore.migration.step.Steps;
import io.dimstore.mirror.control.Intents;
import io.dimstore.mirror.control.KnownMode;
import io.dimstore.mirror.control.ModeRecords;
import io.dimstore.mirror.control.ShadowCounts;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.Maintenance.Backlog;
import io.dimstore.spi.Maintenance.Repair;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The two stores of a migration, open as a mirror, with its state. */
final class OpenMigration implements MirroredTable, AutoCloseable {

  private static final int KEYS_AT_ONCE = 1_000;
  private static final int MOST_PENDING = 1_000_000;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final InstantSource CLOCK = InstantSource.system();

  private final MigrationTables.Pair tables;
  private final MirrorOptions options;
  private final TableSpec mirrored;
  private final DimensionStore from;
  private final DimensionStore to;
  private final SharedRecords records;
  private final ModeRecords modes;
  private final Progress progress;
  private @Nullable DimensionStore mirror;
  private Duration propagation = Duration.ZERO;
  private Map<String, String> plannedOptions = Map.of();

  private OpenMigration(
      MigrationTables.Pair tables,
      MirrorOptions options,
      DimensionStore from,
      DimensionStore to,
      Progress progress) {
    this.tables = tables;
    this.options = options;
    this.mirrored = mirrored(tables);
    this.from = from;
    this.to = to;
    this.progress = progress;
    this.records =
        to.capability(SharedRecords.class)
            .orElseThrow(
                () ->
                    Usage.badValue(
                        "--to", tables.to().store(), "must be a store that keeps shared records"));
    this.modes =
        new ModeRecords(
            records, from.capability(SharedRecords.class).orElse(null), mirrored.name());
  }

  /** Opens both stores; does no I/O. */
  static OpenMigration of(MigrationTables.Pair tables, MirrorOptions options, Progress progress) {
    DimensionStore from = tables.from().open();
    DimensionStore to = null;
    try {
      to = tables.to().open();
      return new OpenMigration(tables, options, from, to, progress);
    } catch (RuntimeException e) {
      from.close();
      if (to != null) {
        to.close();
      }
      throw e;
    }
  }

  /** Returns the writes that one of the stores lacks, with the options of the plan. */
  private Intents intents() {
    DimensionStore open = mirror;
    if (open == null) {
      Map<String, String> all = new TreeMap<>(plannedOptions);
      all.put("from.store", tables.from().store());
      all.put("to.store", tables.to().store());
      tables.from().storeOptions().forEach((name, value) -> all.put("from." + name, value));
      tables.to().storeOptions().forEach((name, value) -> all.put("to." + name, value));
      open = DimensionStores.open("mirror", all, StoreMetrics.NONE, CLOCK);
      mirror = open;
    }
    return open.table(mirrored).capability(Intents.class).orElseThrow();
  }

  private static TableSpec mirrored(MigrationTables.Pair tables) {
    StoreTable from = tables.from();
    StoreTable to = tables.to();
    if (!from.spec().name().equals(to.spec().name())) {
      throw Usage.error(
          "the table must have the same name in both stores: leave out --from-table and --to-table");
    }
    Map<String, String> options = new TreeMap<>();
    from.spec().options().forEach((name, value) -> options.put("from." + name, value));
    to.spec().options().forEach((name, value) -> options.put("to." + name, value));
    return new TableSpec(
        from.spec().name(), from.spec().columns(), from.spec().keyColumns(), options);
  }

  /**
   * Returns the state, and uses the times and options of its plan from now on.
   *
   * @throws MigrationException if there is no migration of the table, or one of other stores or
   *     with other options of the mirror
   */
  MigrationState state() throws InterruptedException {
    MigrationState state =
        runner()
            .state()
            .orElseThrow(
                () ->
                    new MigrationException(
                        "There is no migration of " + tableName() + ": begin with migrate plan"));
    PlannedMigration.requireSame(state, tables);
    options.requireSame(state);
    propagation = state.propagation();
    plannedOptions = state.mirrorOptions();
    return state;
  }

  /**
   * Checks the options of a new plan.
   *
   * @throws io.dimstore.spi.StoreException INVALID for an unknown option or a bad value
   */
  void requireKnownOptions(MirrorOptions planned) {
    plannedOptions = planned.given();
    var unused = intents();
  }

  /**
   * Makes the first contact with the old store.
   *
   * @throws StoreException if it does not answer in time
   */
  void requireOldStore() throws InterruptedException {
    StorePreflight.requireAnswer(tables.fromPing(), tables.from());
  }

  private Optional<OldStoreRecords> oldRecords() {
    return from.capability(SharedRecords.class)
        .map(found -> new OldStoreRecords(found, tableName()));
  }

  /** Keeps the plan in the old store too, for a take-over without the new one. */
  void keepPlan(MigrationState state) throws InterruptedException {
    Optional<OldStoreRecords> old = oldRecords();
    if (old.isPresent()) {
      old.get().keep(state);
    }
  }

  @Override
  public String takeOver(long number) throws InterruptedException {
    Optional<OldStoreRecords> old = oldRecords();
    return old.isEmpty()
        ? ""
        : old.get()
            .takeOver(number)
            .map(found -> " (" + found.by() + ", " + found.at() + ": " + found.reason() + ")")
            .orElse("");
  }

  /**
   * Lets the old store decide and answer alone, without the new one, and waits until every job acts
   * on it.
   *
   * @param reason why the new store is not expected back
   * @return whether the new store answered meanwhile
   * @throws MigrationException if the new store answers, or no migration has been started
   */
  boolean takeOver(String reason) throws InterruptedException {
    requireOldStore();
    OldStoreRecords old =
        oldRecords()
            .orElseThrow(
                () ->
                    new MigrationException(
                        "The old store keeps no shared records, so that jobs cannot be told by it."
                            + " Restart them with the old store in place of the mirror"));
    MigrationState.Plan plan =
        old.plan()
            .orElseThrow(
                () ->
                    new MigrationException(
                        "No migration of " + tableName() + " has been started from this store"));
    PlannedMigration.requireSame(plan.subject(), tables);
    if (newStoreAnswersAtFirst()) {
      throw new MigrationException(
          "The new store answers, so jobs may reach it: use rollback without --without-new-store");
    }
    KnownMode before = takenOver();
    old.add(
        before.takeOvers() + 1,
        new OldStoreRecords.TakeOver(
            CLOCK.instant(), Operator.current(), reason, before.mode().format()));
    boolean answered = false;
    long until = System.nanoTime() + plan.propagation().toNanos();
    while (System.nanoTime() < until) {
      progress.update("until every process acts on the old store", 0, -1);
      answered |= newStoreAnswers();
      TimeUnit.MILLISECONDS.sleep(100);
    }
    return answered;
  }

  private KnownMode takenOver() throws InterruptedException {
    while (true) {
      Optional<KnownMode> before = StoreCalls.await(modes.takeOver());
      if (before.isPresent()) {
        return before.get();
      }
    }
  }

  /** A client that is loaded for the first time on a busy machine gets more time. */
  private boolean newStoreAnswersAtFirst() throws InterruptedException {
    try {
      StorePreflight.requireAnswer(tables.toPing(), tables.to());
      return true;
    } catch (StoreException e) {
      return newStoreAnswers();
    }
  }

  private boolean newStoreAnswers() throws InterruptedException {
    try {
      var unused = StoreCalls.await(modes.read(), StorePreflight.LIMIT, "The new store");
      return true;
    } catch (StoreException e) {
      return !e.kind().isRetryable();
    }
  }

  /** Returns the runner of the migration's steps. */
  StepRunner runner() {
    return new StepRunner(records, tableName(), Operator.current(), CLOCK, StepRunner.LEASE);
  }

  Steps steps() {
    return new Steps(this, CLOCK);
  }

  SharedRecords records() {
    return records;
  }

  MigrationTables.Pair tables() {
    return tables;
  }

  String tableName() {
    return tables.from().spec().name();
  }

  @Override
  public EvidenceLog evidence() {
    return new EvidenceLog(records, tableName(), Operator.current());
  }

  @Override
  public Certificates certificates() {
    return new Certificates(records, tableName(), Operator.current());
  }

  @Override
  public Optional<Finding> replication(MigrationState state) throws InterruptedException {
    return new ForeignWriters(tables.from()).now(state);
  }

  @Override
  public ModeRecords modes() {
    return modes;
  }

  @Override
  public Duration propagation() {
    return propagation;
  }

  @Override
  public void pause(Duration time, String reason) throws InterruptedException {
    long seconds = Math.max(1, time.toSeconds());
    long until = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = until - System.nanoTime()) {
      progress.update(reason, seconds - TimeUnit.NANOSECONDS.toSeconds(left), seconds);
      TimeUnit.NANOSECONDS.sleep(Math.min(left, TimeUnit.SECONDS.toNanos(1)));
    }
  }

  @Override
  public void reconcile() throws InterruptedException {
    long least = Long.MAX_VALUE;
    long progressNanos = System.nanoTime();
    for (long left = pending(); left > 0; left = pending()) {
      progress.update("pending writes left to copy", left, -1);
      if (left < least) {
        least = left;
        progressNanos = System.nanoTime();
      } else if (System.nanoTime() - progressNanos > PATIENCE.toNanos()) {
        throw new MigrationException(
            left
                + " keys of pending writes could not be copied within "
                + PATIENCE.toSeconds()
                + " s: one of the stores does not take them, or cannot say yet what they are. The"
                + " primary stays as it is. See migrate status");
      }
      Repair repair = StoreCalls.await(intents().reconcile(KEYS_AT_ONCE));
      if (repair.healed() == 0) {
        TimeUnit.MILLISECONDS.sleep(500);
      }
    }
  }

  @Override
  public long pending() throws InterruptedException {
    Backlog backlog = StoreCalls.await(intents().backlog(MOST_PENDING));
    return backlog.keys();
  }

  @Override
  public Optional<Finding> shadowReads(String series, Instant notBefore)
      throws InterruptedException {
    ShadowCounts young =
        StoreCalls.await(ShadowCounts.read(records, tableName(), series, notBefore.toEpochMilli()));
    ShadowCounts counts =
        young.compared() > 0
            ? young
            : StoreCalls.await(ShadowCounts.read(records, tableName(), series));
    return counts.compared() == 0
        ? Optional.empty()
        : Optional.of(
            new Finding(
                Instant.ofEpochMilli(counts.sinceMillis()),
                // Keys that were being written each time say nothing.
                new Evidence.ShadowReads(
                    counts.equal() + counts.mismatches(), counts.mismatches())));
  }

  @Override
  public void close() {
    if (mirror != null) {
      mirror.close();
    }
    from.close();
    to.close();
  }
}
