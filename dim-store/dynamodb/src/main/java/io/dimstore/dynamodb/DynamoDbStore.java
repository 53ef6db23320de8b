package io.dimstore.dynamodb;

import io.dimstore.dynamodb.DynamoDbOptions.WriteGuard;
import io.dimstore.spi.Admission;
import io.dimstore.spi.ChangeValidator;
import io.dimstore.spi.CommonOptions;
import io.dimstore.spi.Deadline;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption;
import io.dimstore.spi.TableSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One account and region of DynamoDB. */
final class DynamoDbStore implements DimensionStore {

  static final String ID = "dynamodb";

  private final Connection connection;
  private final Admission admission;
  private final Admission creation;
  private final Capacity capacity;
  private final Engine engine;
  private final TableAdmin admin;
  private final StreamRequests streams;
  private final String prefix;
  private final boolean consistent;
  private final WriteGuard guard;
  private final long retentionMillis;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final StoreMetrics metrics;
  private final @Nullable Duration cacheMaxAge;
  private final long cacheBytes;
  private final Map<String, ReadCache> caches = new ConcurrentHashMap<>();
  private final boolean cacheFollows;
  private final Duration cacheGapMaxAge;
  private final Map<String, CacheFollowing> followings = new ConcurrentHashMap<>();
  private final Map<String, WriteStrategy> writers = new ConcurrentHashMap<>();

  DynamoDbStore(StoreConfig config, StoreMetrics metrics, InstantSource clock) {
    this.prefix = config.get(DynamoDbOptions.TABLE_PREFIX);
    this.consistent = config.get(DynamoDbOptions.CONSISTENT_READS);
    this.guard = config.get(DynamoDbOptions.WRITE_GUARD);
    this.metrics = metrics;
    this.cacheMaxAge = config.find(DynamoDbOptions.READ_CACHE_MAX_AGE);
    this.cacheBytes = 1_000_000L * config.get(DynamoDbOptions.READ_CACHE_MEGABYTES);
    this.cacheFollows = config.get(DynamoDbOptions.READ_CACHE_FOLLOW);
    this.cacheGapMaxAge = config.get(DynamoDbOptions.READ_CACHE_GAP_MAX_AGE);
    if (cacheFollows && cacheMaxAge == null) {
      throw StoreException.invalid(
          "Option 'read-cache.max-age' is missing: without it there is no cache to follow with"
              + " 'read-cache.follow'.");
    }
    if (consistent && cacheMaxAge != null) {
      throw StoreException.invalid(
          "Options 'read-cache.max-age' and 'consistent-reads' = 'true' exclude each other: a"
              + " strong read is never answered from memory. Set 'consistent-reads' = 'false'.");
    }
    this.retentionMillis = config.get(CommonOptions.TOMBSTONE_RETENTION).toMillis();
    this.admission =
        new Admission(
            "store 'dynamodb'",
            config.get(CommonOptions.MAX_PENDING),
            config.get(CommonOptions.DEADLINE));
    this.creation =
        new Admission(
            "store 'dynamodb'", Integer.MAX_VALUE, config.get(DynamoDbOptions.CREATE_TIMEOUT));
    this.connection = Connection.open(config, noticing(metrics));
    UnitBucket.Timer later = (task, delay, unit) -> connection.timer().schedule(task, delay, unit);
    this.capacity = new Capacity(config, metrics, System::nanoTime, later);
    int limit = config.get(DynamoDbOptions.MAX_IN_FLIGHT);
    Requests requests =
        new Requests(
            connection.client(),
            connection.writes(),
            connection.lookups(),
            metrics,
            capacity,
            new Sender(metrics, later, config.get(DynamoDbOptions.MAX_ATTEMPTS)));
    this.engine =
        new Engine(requests, new InFlight(limit), new InFlight(limit), connection.timer(), clock);
    this.streams = new StreamRequests(connection.streams(), requests, connection.serverClock());
    this.admin =
        new TableAdmin(connection.client(), requests, connection.timer(), Creation.of(config));
  }

  @Override
  public DimensionTable table(TableSpec spec) {
    admission.requireOpen();
    String name = nameOf(spec);
    KeyLayout key = KeyLayout.of(spec);
    ItemLayout items = new ItemLayout(spec, key, retentionMillis);
    ChangeValidator validator = new ChangeValidator(spec);
    // One for all handles of a table: a write through one is seen through the others.
    ReadCache cache =
        cacheMaxAge == null
            ? null
            : caches.computeIfAbsent(name, table -> new ReadCache(cacheMaxAge, cacheBytes));
    DynamoDbTable table =
        new DynamoDbTable(
            name,
            consistent,
            capacity,
            admission,
            reader(cache, name, spec, key, items, validator),
            cache,
            new BatchEncoder(name, validator, key, items, this::appliedAt),
            // One for all handles of a table: they share the order of each key's writes.
            writers.computeIfAbsent(name, this::writer),
            new SegmentScan(name, consistent, spec, items, engine),
            new StreamFeed(
                name,
                items,
                items.plan(spec.all()),
                streams,
                deadline -> admin.describe(name, deadline)));
    if (cache != null && cacheFollows) {
      follow(name, cache, table);
    }
    return table;
  }

  /**
   * When a write is applied, for the end of its tombstone: the service removes tombstones by its
   * own clock, and this machine's may be behind that. A retention is never cut short by the
   * difference.
   */
  private Instant appliedAt() {
    return engine.clock().instant().plusMillis(Math.max(0, connection.serverClock().skewMillis()));
  }

  private void follow(String name, ReadCache cache, DynamoDbTable table) {
    CacheFollowing following =
        new CacheFollowing(name, cache, table, engine.timer(), metrics, cacheGapMaxAge);
    if (followings.putIfAbsent(name, following) == null) {
      following.begin();
    }
  }

  private RowReader reader(
      @Nullable ReadCache cache,
      String name,
      TableSpec spec,
      KeyLayout key,
      ItemLayout items,
      ChangeValidator validator) {
    RowReader reader = new BatchReader(name, consistent, key, items, validator, engine);
    return cache == null
        ? reader
        : new CachedReader(
            cache,
            spec,
            reader,
            new BatchReader(name, true, key, items, validator, engine),
            metrics,
            engine.clock());
  }

  @Override
  public CompletionStage<Void> createIfAbsent(TableSpec spec) {
    return creation.admit(
        1,
        deadline ->
            admin.createIfAbsent(
                nameOf(spec),
                KeyLayout.of(spec),
                optionsOf(spec).get(DynamoDbOptions.CHANGE_FEED),
                deadline));
  }

  @Override
  public CompletionStage<Void> validate(TableSpec spec) {
    return admission.admit(
        1,
        deadline ->
            admin
                .validate(nameOf(spec), KeyLayout.of(spec), deadline)
                .thenCompose(ignored -> requireStream(spec, deadline)));
  }

  @Override
  public CompletionStage<Void> ping() {
    return admission.admit(1, admin::ping);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      followings.values().forEach(CacheFollowing::close);
      engine.reads().close();
      engine.writes().close();
      capacity.close();
      admission.close();
      creation.close();
      connection.close(() -> engine.reads().isIdle() && engine.writes().isIdle());
    }
  }

  /** The same metrics, and the hot keys are told when a partition is throttled. */
  private StoreMetrics noticing(StoreMetrics metrics) {
    return new StoreMetrics() {
      @Override
      public void request(Request request) {
        metrics.request(request);
      }

      @Override
      public void count(String name, long delta) {
        metrics.count(name, delta);
        if (name.equals(FailedAttempt.THROTTLED_PARTITION)) {
          capacity.partitionThrottled();
        }
      }

      @Override
      public void gauge(String name, long value) {
        metrics.gauge(name, value);
      }

      @Override
      public void note(String name, String text) {
        metrics.note(name, text);
      }
    };
  }

  private WriteStrategy writer(String table) {
    return switch (guard) {
      case NEWEST_WINS -> new BatchedStatements(table, engine);
      case UNGUARDED_LAST_WRITE -> new UnguardedBatches(table, engine);
    };
  }

  /** A table whose changes are to be followed has a stream. */
  private CompletableFuture<@Nullable Void> requireStream(TableSpec spec, Deadline deadline) {
    if (!optionsOf(spec).get(DynamoDbOptions.CHANGE_FEED)) {
      return CompletableFuture.completedFuture(null);
    }
    return admin
        .describe(nameOf(spec), deadline)
        .thenApply(
            description -> {
              try {
                Streams.requireOn(description);
                return null;
              } catch (StoreException e) {
                throw StoreException.invalid(String.valueOf(e.getMessage()));
              }
            });
  }

  private static StoreConfig optionsOf(TableSpec spec) {
    return StoreConfig.parse(
        "table '" + spec.name() + "' of store 'dynamodb'",
        DynamoDbOptions.all(),
        StoreOption.Scope.TABLE,
        spec.options());
  }

  /** The table's name in the service; refuses a spec that cannot be held. */
  private String nameOf(TableSpec spec) {
    optionsOf(spec);
    String name = prefix + spec.name();
    TableRules.check(spec, name);
    return name;
  }
}
