// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal;

import io.dimstore.hbaseredis.internal.breaker.Breaker;
import io.dimstore.hbaseredis.internal.common.Background;
import io.dimstore.hbaseredis.internal.common.Meter;
import io.dimstore.hbaseredis.internal.common.SilentServers;
import io.dimstore.hbaseredis.internal.encoding.ChangeEncoder;
import io.dimstore.hbaseredis.internal.encoding.EntryCodec;
import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.entry.RedisEntries;
import io.dimstore.hbaseredis.internal.hbase.HBaseClient;
import io.dimstore.hbaseredis.internal.hbase.HBaseClock;
import io.dimstore.hbaseredis.internal.hbase.HBaseRows;
import io.dimstore.hbaseredis.internal.hbase.Scanner;
import io.dimstore.hbaseredis.internal.hbase.WriteIntents;
import io.dimstore.hbaseredis.internal.options.HBaseRedisOptions;
import io.dimstore.hbaseredis.internal.read.ReadThrough;
import io.dimstore.hbaseredis.internal.redis.RedisServers;
import io.dimstore.hbaseredis.internal.repair.Checker;
import io.dimstore.hbaseredis.internal.repair.Reconciler;
import io.dimstore.hbaseredis.internal.repair.Repairer;
import io.dimstore.hbaseredis.internal.table.ControlTable;
import io.dimstore.hbaseredis.internal.table.SettingsMonitor;
import io.dimstore.hbaseredis.internal.table.TableAdmin;
import io.dimstore.hbaseredis.internal.write.CellLimit;
import io.dimstore.hbaseredis.internal.write.DualWrite;
import io.dimstore.hbaseredis.internal.write.Purger;
import io.dimstore.hbaseredis.internal.write.RowUpdater;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import io.dimstore.spi.support.Admission;
import io.dimstore.spi.support.ChangeValidator;
import io.dimstore.spi.support.ClockComparison;
import io.dimstore.spi.support.CommonOptions;
import io.dimstore.spi.support.RetryTimer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.hadoop.hbase.TableName;

/** The open store: one connection to HBase, a few to Redis, and the tables that share them. */
public final class HBaseRedisStore implements DimensionStore {

  private static final Duration CLOSE_WAIT = Duration.ofSeconds(1);

  private final StoreConfig config;
  private final InstantSource clock;
  private final Admission admission;
  private final Meter meter;
  private final Background background = new Background();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(HBaseRedisStore::timerThread);

  private final RetryTimer retries;
  private final PeriodicRepair periodicRepair;
  private final Recoveries recoveries;
  private final HBaseClient hbase;
  private final RedisServers redis;
  private final WriteIntents intents;
  private final HBaseClock hbaseClock;
  private final TableAdmin admin;
  private final ControlTable records;
  private final Duration grace;
  private final Map<TableSpec, HBaseRedisTable> tables = new ConcurrentHashMap<>();

  public HBaseRedisStore(StoreConfig config, StoreMetrics metrics, InstantSource clock) {
    this(config, metrics, clock, new ClockComparison());
  }

  /**
   * Opens a store, which begins to connect to HBase in the background.
   *
   * @param clock decides when rows expire, and dates deletes unless HBase's clock is ahead of it
   * @param watch compares the clocks of this machine with HBase's
   */
  public HBaseRedisStore(
      StoreConfig config, StoreMetrics metrics, InstantSource clock, ClockComparison watch) {
    this.config = config;
    this.clock = clock;
    this.admission = Admission.of("hbase-redis", config);
    this.meter = new Meter(metrics);
    meter.begin();
    this.periodicRepair =
        new PeriodicRepair(
            config.get(HBaseRedisOptions.REPAIR_INTERVAL), background, tables::values);
    this.hbase = new HBaseClient(config);
    // A write sends up to three requests to HBase one after another, each within the deadline.
    this.grace = config.get(CommonOptions.DEADLINE).multipliedBy(3);
    TableName intentsTable = Layout.tableName(config.get(HBaseRedisOptions.INTENTS_TABLE));
    this.hbaseClock =
        new HBaseClock(
            hbase,
            intentsTable,
            meter,
            background,
            watch,
            config.get(HBaseRedisOptions.REPAIR_INTERVAL));
    this.retries = new RetryTimer(timer);
    this.intents = new WriteIntents(hbase, meter, retries, intentsTable, grace, hbaseClock::millis);
    this.admin = new TableAdmin(hbase, meter, retries, intents.table());
    this.records =
        new ControlTable(
            hbase,
            meter,
            admin,
            admission,
            Layout.tableName(config.get(HBaseRedisOptions.CONTROL_TABLE)));
    this.redis = RedisServers.open(config, meter);
    this.recoveries = new Recoveries(redis, background, tables::values);
    var unused = hbase.connection();
  }

  @Override
  public DimensionTable table(TableSpec spec) {
    admission.requireOpen();
    return tables.computeIfAbsent(spec, this::open);
  }

  private HBaseRedisTable open(TableSpec spec) {
    Layout layout = new Layout(spec);
    EntryCodec entries = new EntryCodec(layout);
    boolean checked = config.get(HBaseRedisOptions.CHECKED_WRITES);
    ChangeEncoder encoder = new ChangeEncoder(spec, layout, entries, checked);
    HBaseRows hbaseRows =
        new HBaseRows(
            hbase, meter, layout, checked, config.find(HBaseRedisOptions.REPLICATION_ORIGIN));
    RedisEntries redisEntries = new RedisEntries(redis, meter, config, layout, entries);
    Scanner scanner =
        new Scanner(
            hbase,
            meter,
            layout,
            hbaseRows,
            clock,
            config.get(CommonOptions.TOMBSTONE_RETENTION),
            spec.all());
    DualWrite writes =
        new DualWrite(
            layout,
            encoder,
            new CellLimit(hbase.maxCellBytes()),
            hbaseRows,
            redisEntries,
            intents,
            background,
            meter,
            this::deletedAt);
    return new HBaseRedisTable(
        admission,
        this::startDueWork,
        new SettingsMonitor(admin, layout, background, meter, settingsInterval()),
        hbaseClock,
        layout,
        encoder,
        new ReadThrough(
            encoder,
            layout,
            entries,
            hbaseRows,
            redisEntries,
            meter,
            clock,
            config.get(HBaseRedisOptions.LEASE)),
        writes,
        new RowUpdater(
            layout,
            new ChangeEncoder(spec, layout, entries, true),
            new ChangeValidator(spec),
            hbaseRows,
            writes,
            retries,
            clock,
            this::deletedAt),
        scanner,
        new Repairer(
            layout,
            new Reconciler(layout, hbaseRows, redisEntries, entries, intents, meter, clock),
            redisEntries,
            intents,
            admin,
            meter,
            config.get(HBaseRedisOptions.MAX_AGE)),
        new Checker(
            layout, entries, hbaseRows, redisEntries, scanner, intents, meter, clock, grace),
        new Purger(
            layout,
            hbaseRows,
            redisEntries,
            scanner,
            intents,
            background,
            meter,
            clock,
            hbaseClock,
            config.get(CommonOptions.TOMBSTONE_RETENTION)));
  }

  /**
   * Returns the time of a delete that is applied now: the later of this machine's time and HBase's.
   * A tombstone with too early a time would be purged too early.
   */
  private Instant deletedAt() {
    return clock.instant().plusMillis(hbaseClock.behindMillis());
  }

  /**
   * Returns the interval between checks of a table's settings. It is long, because settings seldom
   * change and the HBase master answers such requests for the whole cluster.
   */
  private Duration settingsInterval() {
    return config.get(HBaseRedisOptions.REPAIR_INTERVAL).multipliedBy(10);
  }

  @Override
  public CompletionStage<Void> createIfAbsent(TableSpec spec) {
    return admission.admit(1, deadline -> admin.createIfAbsent(new Layout(spec), deadline));
  }

  @Override
  public CompletionStage<Void> validate(TableSpec spec) {
    SilentServers silent = new SilentServers();
    return admission.admit(
        1, silent::text, deadline -> silent.hbase(() -> admin.validate(new Layout(spec))));
  }

  @Override
  public CompletionStage<Void> ping() {
    SilentServers silent = new SilentServers();
    return admission.admit(
        1,
        silent::text,
        deadline -> CompletableFuture.allOf(silent.hbase(admin::ping), silent.redis(redis::ping)));
  }

  @Override
  public CompletionStage<Void> pingTables() {
    SilentServers silent = new SilentServers();
    return admission.admit(1, silent::text, deadline -> silent.hbase(admin::ping));
  }

  @Override
  public <T> Optional<T> capability(Class<T> type) {
    return type == SharedRecords.class
        ? Optional.of(type.cast(records))
        : DimensionStore.super.capability(type);
  }

  private void startDueWork() {
    for (Breaker breaker : redis.breakers()) {
      breaker.probeIfDue(this::recover);
    }
    recoveries.startIfDue();
    periodicRepair.startIfDue();
  }

  /**
   * Begins a recovery of every table. Completes when all have ended, and never fails: tables that
   * could not be reconciled read from HBase until a later recovery succeeds.
   */
  private CompletionStage<Void> recover() {
    return CompletableFuture.allOf(
        tables.values().stream()
            .map(table -> table.recover().handle((done, failure) -> null))
            .toArray(CompletableFuture[]::new));
  }

  @Override
  public void close() {
    admission.close();
    background.await(CLOSE_WAIT);
    try {
      redis.close();
      hbase.close();
    } finally {
      // Runs the attempts that wait, which then find that the store is closed.
      timer.shutdown();
    }
  }

  private static Thread timerThread(Runnable work) {
    Thread thread = new Thread(work, "dimstore-hbase-retries");
    thread.setDaemon(true);
    return thread;
  }
}
