package io.dimstore.hbaseredis;

import io.dimstore.spi.Admission;
import io.dimstore.spi.ClockWatch;
import io.dimstore.spi.CommonOptions;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.hbase.TableName;

/** The open store: one connection to HBase, a few to Redis, and the tables that share them. */
final class HBaseRedisStore implements DimensionStore {

  private static final Duration PARTING = Duration.ofSeconds(1);

  private final StoreConfig config;
  private final InstantSource clock;
  private final Admission admission;
  private final Meter meter;
  private final Background background = new Background();
  private final Upkeep upkeep;
  private final Recoveries recoveries;
  private final HBaseClient hbase;
  private final RedisServers redis;
  private final Marks marks;
  private final HBaseClock hbaseClock;
  private final TableAdmin admin;
  private final Duration grace;
  private final Map<TableSpec, HBaseRedisTable> tables = new ConcurrentHashMap<>();

  HBaseRedisStore(StoreConfig config, StoreMetrics metrics, InstantSource clock) {
    this(config, metrics, clock, new ClockWatch());
  }

  /**
   * Opens a store.
   *
   * @param clock by which rows expire and deletes are dated
   * @param watch of the clocks of this machine
   */
  HBaseRedisStore(StoreConfig config, StoreMetrics metrics, InstantSource clock, ClockWatch watch) {
    this.config = config;
    this.clock = clock;
    this.admission =
        new Admission(
            "Store 'hbase-redis'",
            config.get(CommonOptions.MAX_PENDING),
            config.get(CommonOptions.DEADLINE));
    this.meter = new Meter(metrics);
    meter.begin();
    this.upkeep =
        new Upkeep(config.get(HBaseRedisOptions.REPAIR_INTERVAL), background, tables::values);
    this.hbase = new HBaseClient(config);
    // A write goes to HBase up to three times in a row, each within the deadline.
    this.grace = config.get(CommonOptions.DEADLINE).multipliedBy(3);
    TableName marksTable = Layout.tableName(config.get(HBaseRedisOptions.MARKS_TABLE));
    this.hbaseClock =
        new HBaseClock(
            hbase,
            marksTable,
            meter,
            background,
            watch,
            config.get(HBaseRedisOptions.REPAIR_INTERVAL));
    this.marks = new Marks(hbase, meter, marksTable, grace, hbaseClock::millis);
    this.admin = new TableAdmin(hbase, meter, marks.table());
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
    Truth truth = new Truth(hbase, meter, layout, checked);
    RedisCopy copy = new RedisCopy(redis, meter, config, layout, entries);
    Scanner scanner =
        new Scanner(
            hbase, meter, layout, truth, clock, config.get(CommonOptions.TOMBSTONE_RETENTION));
    return new HBaseRedisTable(
        admission,
        this::poke,
        new SettingsWatch(admin, layout, background, meter, settingsInterval()),
        hbaseClock,
        layout,
        encoder,
        new ReadThrough(
            encoder,
            layout,
            entries,
            truth,
            copy,
            meter,
            clock,
            config.get(HBaseRedisOptions.LEASE)),
        new DualWrite(layout, encoder, truth, copy, marks, background, meter, this::deletedAt),
        scanner,
        new Repairer(
            layout,
            new Reconciler(layout, truth, copy, entries, marks, meter, clock),
            copy,
            marks,
            admin,
            meter,
            config.get(HBaseRedisOptions.MAX_AGE)),
        new Checker(layout, entries, truth, copy, scanner, marks, meter, clock, grace),
        new Purger(
            layout,
            truth,
            copy,
            scanner,
            marks,
            background,
            meter,
            clock,
            hbaseClock,
            config.get(CommonOptions.TOMBSTONE_RETENTION)));
  }

  /** A delete that is dated too early would be forgotten too early: the later clock dates it. */
  private Instant deletedAt() {
    return clock.instant().plusMillis(hbaseClock.behindMillis());
  }

  /** The settings of a table change seldom, and its master answers for the whole cluster. */
  private Duration settingsInterval() {
    return config.get(HBaseRedisOptions.REPAIR_INTERVAL).multipliedBy(10);
  }

  @Override
  public CompletionStage<Void> createIfAbsent(TableSpec spec) {
    return admission.admit(1, deadline -> admin.createIfAbsent(new Layout(spec), deadline));
  }

  @Override
  public CompletionStage<Void> validate(TableSpec spec) {
    return admission.admit(1, deadline -> admin.validate(new Layout(spec)));
  }

  @Override
  public CompletionStage<Void> ping() {
    return admission.admit(1, deadline -> CompletableFuture.allOf(admin.ping(), redis.ping()));
  }

  private void poke() {
    for (Breaker breaker : redis.breakers()) {
      breaker.poke(this::recover);
    }
    recoveries.poke();
    upkeep.poke();
  }

  /** Reconciles every table as far as it can be; none waits for another, or fails with it. */
  private CompletionStage<Void> recover() {
    return CompletableFuture.allOf(
        tables.values().stream()
            .map(table -> table.recover().handle((done, failure) -> null))
            .toArray(CompletableFuture[]::new));
  }

  @Override
  public void close() {
    admission.close();
    background.await(PARTING);
    redis.close();
    hbase.close();
  }
}
