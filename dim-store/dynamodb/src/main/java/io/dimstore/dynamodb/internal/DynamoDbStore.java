// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal;

import io.dimstore.dynamodb.internal.capacity.Capacity;
import io.dimstore.dynamodb.internal.capacity.CapacityLimiter;
import io.dimstore.dynamodb.internal.capacity.ConcurrencyLimiter;
import io.dimstore.dynamodb.internal.client.Connection;
import io.dimstore.dynamodb.internal.client.FailedAttempt;
import io.dimstore.dynamodb.internal.client.Failures;
import io.dimstore.dynamodb.internal.client.RequestSender;
import io.dimstore.dynamodb.internal.client.Requests;
import io.dimstore.dynamodb.internal.client.StoreContext;
import io.dimstore.dynamodb.internal.control.ControlTable;
import io.dimstore.dynamodb.internal.encoding.ItemLayout;
import io.dimstore.dynamodb.internal.encoding.KeyLayout;
import io.dimstore.dynamodb.internal.options.Creation;
import io.dimstore.dynamodb.internal.options.DynamoDbOptions;
import io.dimstore.dynamodb.internal.options.DynamoDbOptions.WriteGuard;
import io.dimstore.dynamodb.internal.read.BatchReader;
import io.dimstore.dynamodb.internal.read.CacheInvalidator;
import io.dimstore.dynamodb.internal.read.CachedReader;
import io.dimstore.dynamodb.internal.read.ReadCache;
import io.dimstore.dynamodb.internal.read.RowReader;
import io.dimstore.dynamodb.internal.read.SegmentScan;
import io.dimstore.dynamodb.internal.stream.StreamFeed;
import io.dimstore.dynamodb.internal.stream.StreamRequests;
import io.dimstore.dynamodb.internal.table.StreamSettings;
import io.dimstore.dynamodb.internal.table.TableAdmin;
import io.dimstore.dynamodb.internal.table.TableRules;
import io.dimstore.dynamodb.internal.table.TimeToLiveMonitor;
import io.dimstore.dynamodb.internal.write.BatchEncoder;
import io.dimstore.dynamodb.internal.write.BatchedStatements;
import io.dimstore.dynamodb.internal.write.RowReplacements;
import io.dimstore.dynamodb.internal.write.UnguardedBatches;
import io.dimstore.dynamodb.internal.write.WriteStrategy;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import io.dimstore.spi.support.Admission;
import io.dimstore.spi.support.ChangeValidator;
import io.dimstore.spi.support.CommonOptions;
import io.dimstore.spi.support.Deadline;
import io.dimstore.spi.support.RetryTimer;
import io.dimstore.spi.support.TableOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A store of dimension tables in one AWS account and region. Thread-safe. */
public final class DynamoDbStore implements DimensionStore {

  private final Connection connection;
  private final Admission admission;
  private final Admission creation;
  private final Capacity capacity;
  private final StoreContext context;
  private final TableAdmin admin;
  private final StreamRequests streams;
  private final ControlTable records;
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
  private final Map<String, CacheInvalidator> followings = new ConcurrentHashMap<>();
  private final Map<String, WriteStrategy> writers = new ConcurrentHashMap<>();
  private final Map<String, TimeToLiveMonitor> monitors = new ConcurrentHashMap<>();

  public DynamoDbStore(StoreConfig config, StoreMetrics metrics, InstantSource clock) {
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
    this.admission = Admission.of(DynamoDbOptions.STORE_ID, config);
    this.creation =
        new Admission(
            "store 'dynamodb'", Integer.MAX_VALUE, config.get(DynamoDbOptions.CREATE_TIMEOUT));
    this.connection = Connection.open(config, noticingThrottledPartitions(metrics));
    CapacityLimiter.Timer later =
        (task, delay, unit) -> connection.timer().schedule(task, delay, unit);
    this.capacity = new Capacity(config, metrics, System::nanoTime, later);
    int limit = config.get(DynamoDbOptions.MAX_IN_FLIGHT);
    Requests requests =
        new Requests(
            connection.client(),
            connection.writes(),
            connection.lookups(),
            metrics,
            capacity,
            new RequestSender(
                metrics,
                new RetryTimer(connection.timer()),
                config.get(DynamoDbOptions.MAX_ATTEMPTS)));
    this.context =
        new StoreContext(
            requests,
            new ConcurrencyLimiter(limit),
            new ConcurrencyLimiter(limit),
            connection.timer(),
            clock);
    this.streams = new StreamRequests(connection.streams(), requests, connection.serverClock());
    this.admin =
        new TableAdmin(connection.client(), requests, connection.timer(), Creation.of(config));
    this.records =
        new ControlTable(
            prefix + config.get(DynamoDbOptions.CONTROL_TABLE),
            requests,
            admin,
            admission,
            creation);
  }

  @Override
  public DimensionTable table(TableSpec spec) {
    admission.requireOpen();
    String name = nameOf(spec);
    KeyLayout key = KeyLayout.of(spec);
    ItemLayout items = new ItemLayout(spec, key, retentionMillis);
    ChangeValidator validator = new ChangeValidator(spec);
    // All handles of a table share one cache: a write through one is seen through the others.
    ReadCache cache =
        cacheMaxAge == null
            ? null
            : caches.computeIfAbsent(name, table -> ReadCache.bounded(cacheMaxAge, cacheBytes));
    BatchEncoder encoder = new BatchEncoder(name, validator, key, items, this::appliedAt);
    DynamoDbTable table =
        new DynamoDbTable(
            name,
            consistent,
            capacity,
            admission,
            reader(cache, name, spec, key, items, validator),
            new BatchReader(name, true, key, items, validator, context),
            spec.all(),
            cache,
            encoder,
            monitors.computeIfAbsent(
                name,
                monitored -> new TimeToLiveMonitor(monitored, admin, metrics, context.clock())),
            // All handles of a table share one writer, since it keeps the writes of a key in order.
            writers.computeIfAbsent(name, this::writer),
            new RowReplacements(name, key.attributes().get(0).name(), encoder, context),
            validator,
            new RetryTimer(context.timer()),
            new SegmentScan(name, consistent, spec, items, context),
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
   * Returns the time from which the retention of a tombstone counts: the later one of this
   * machine's and the service's time. The service removes tombstones by its own clock, so if this
   * machine's clock were used while it is behind, the retention would be too short.
   */
  private Instant appliedAt() {
    return context.clock().instant().plusMillis(Math.max(0, connection.serverClock().skewMillis()));
  }

  private void follow(String name, ReadCache cache, DynamoDbTable table) {
    CacheInvalidator following =
        new CacheInvalidator(name, cache, table, context.timer(), metrics, cacheGapMaxAge);
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
    RowReader reader = new BatchReader(name, consistent, key, items, validator, context);
    return cache == null
        ? reader
        : new CachedReader(
            cache,
            spec,
            reader,
            new BatchReader(name, true, key, items, validator, context),
            metrics,
            context.clock());
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
        DynamoDbStore::silent,
        deadline ->
            admin
                .validate(nameOf(spec), KeyLayout.of(spec), deadline)
                .thenCompose(ignored -> requireStream(spec, deadline)));
  }

  @Override
  public CompletionStage<Void> ping() {
    return admission.admit(1, DynamoDbStore::silent, admin::ping);
  }

  private static String silent() {
    return "no answer from DynamoDB" + Failures.OPTIONS;
  }

  @Override
  public <T> Optional<T> capability(Class<T> type) {
    return type == SharedRecords.class
        ? Optional.of(type.cast(records))
        : DimensionStore.super.capability(type);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      followings.values().forEach(CacheInvalidator::close);
      context.reads().close();
      context.writes().close();
      capacity.close();
      admission.close();
      creation.close();
      connection.close(() -> context.reads().isIdle() && context.writes().isIdle());
    }
  }

  /** Wraps the metrics so that the reports of hot keys learn of each throttled partition. */
  private StoreMetrics noticingThrottledPartitions(StoreMetrics metrics) {
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
      public void gauge(String name, String table, long value) {
        metrics.gauge(name, table, value);
      }

      @Override
      public void note(String name, String text) {
        metrics.note(name, text);
      }
    };
  }

  private WriteStrategy writer(String table) {
    return switch (guard) {
      case NEWEST_WINS -> new BatchedStatements(table, context);
      case UNGUARDED_LAST_WRITE -> new UnguardedBatches(table, context);
    };
  }

  /** Fails INVALID if the table is declared to have a change feed, but has no stream. */
  private CompletableFuture<@Nullable Void> requireStream(TableSpec spec, Deadline deadline) {
    if (!optionsOf(spec).get(DynamoDbOptions.CHANGE_FEED)) {
      return CompletableFuture.completedFuture(null);
    }
    return admin
        .describe(nameOf(spec), deadline)
        .thenApply(
            description -> {
              try {
                StreamSettings.requireOn(description);
                return null;
              } catch (StoreException e) {
                throw StoreException.invalid(String.valueOf(e.getMessage()));
              }
            });
  }

  private static StoreConfig optionsOf(TableSpec spec) {
    return TableOptions.of(DynamoDbOptions.STORE_ID, DynamoDbOptions.all(), spec);
  }

  /**
   * Returns the table's name in DynamoDB, or fails INVALID if DynamoDB cannot hold such a table.
   */
  private String nameOf(TableSpec spec) {
    optionsOf(spec);
    String name = prefix + spec.name();
    TableRules.check(spec, name);
    return name;
  }
}
