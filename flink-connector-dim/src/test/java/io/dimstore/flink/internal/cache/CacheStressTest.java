// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.flink.RecordedMetrics;
import io.dimstore.flink.internal.metrics.RecentLatency;
import io.dimstore.flink.internal.metrics.StoreMeter;
import io.dimstore.spi.Change;
import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Threads that look up, beside a writer and the follower of the store {@code memory}. */
class CacheStressTest {

  private static final int KEYS = 64;
  private static final int READERS = 3;
  private static final Duration TIME = Duration.ofMillis(1_500);

  private final RecordedMetrics metrics = new RecordedMetrics();

  @ParameterizedTest
  @CsvSource({"false, 12800", "true, 12800", "true, 16000", "true, 1000000"})
  void noReaderGoesBackWhileRowsChangeAndAreEvicted(boolean whole, long maxBytes) throws Exception {
    StoreMeter meter = new StoreMeter("stress", List.of());
    meter.join(metrics);
    ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    DimensionStore store =
        DimensionStores.open(
            "memory",
            Map.of("instance", UUID.randomUUID().toString()),
            StoreMetrics.NONE,
            InstantSource.system());
    try (store) {
      TableSpec spec = spec();
      store.createIfAbsent(spec).toCompletableFuture().join();
      DimensionTable table = store.table(spec);
      long version = 0;
      for (long key = 0; key < KEYS; key++) {
        write(table, new Put(Key.of(key), Row.of(++version), version));
      }
      TableCache cache =
          new TableCache(
              new CacheSettings(
                  whole,
                  maxBytes,
                  Duration.ofSeconds(1),
                  Duration.ofMillis(500),
                  Duration.ZERO,
                  new CacheSettings.Following(
                      true, Duration.ofMillis(5), Duration.ofMillis(whole ? 100 : 1_000))),
              new OfTable(table),
              CacheClock.SYSTEM,
              meter.table("t"));
      CacheFollower follower =
          new CacheFollower(
              "table 't'",
              cache,
              table.capability(ChangeFeed.class).orElseThrow(),
              whole ? pages -> scan(table, pages) : null,
              timer);
      follower.begin();
      follower.loaded().get(1, TimeUnit.MINUTES);
      AtomicLongArray seen = new AtomicLongArray(KEYS);
      RecentLatency ages = new RecentLatency();
      long end = System.nanoTime() + TIME.toNanos();
      List<CompletableFuture<Void>> threads = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        Random random = new Random(i);
        threads.add(
            CompletableFuture.runAsync(
                () -> {
                  while (System.nanoTime() < end) {
                    lookUp(cache, random.nextInt(KEYS), seen, ages);
                  }
                }));
      }
      Random random = new Random(17);
      while (System.nanoTime() < end) {
        version++;
        int number = random.nextInt(KEYS);
        Key key = Key.of((long) number);
        write(
            table,
            mayBeAbsent(number) && random.nextInt(2) == 0
                ? new Delete(key, version)
                : new Put(key, Row.of(version), version));
        if (version % 16 == 0) {
          Thread.sleep(1);
        }
      }
      CompletableFuture.allOf(threads.toArray(CompletableFuture[]::new)).get(1, TimeUnit.MINUTES);
      assertThat(ages.getStatistics().getMax()).isLessThanOrEqualTo(1_010_000_000L);
      assertThat(value("cacheBytes")).isBetween(1L, maxBytes);
      if (maxBytes < KEYS * 210L) {
        assertThat(value("cacheEvictions")).isPositive();
      }
      follower.close();
      cache.close();
      assertThat(value("cacheBytes")).isZero();
      assertThat(value("cacheEntries")).isZero();
    } finally {
      timer.shutdownNow();
    }
  }

  private static boolean mayBeAbsent(int number) {
    return number % 2 == 1;
  }

  private static void write(DimensionTable table, Change change) {
    table.write(List.of(change)).toCompletableFuture().join();
  }

  /** Reads the table in small pages. */
  private static CompletionStage<Void> scan(DimensionTable table, CacheScan.Pages pages) {
    return CompletableFuture.runAsync(
        () -> {
          for (ScanSplit split :
              table.splits(2, ScanOptions.rows(Projection.all(1))).toCompletableFuture().join()) {
            ScanSplit left = split;
            boolean more = true;
            while (left != null && more) {
              long began = System.nanoTime();
              ScanPage page = table.scan(left, 5).toCompletableFuture().join();
              Thread.yield();
              more = pages.page(page, began);
              left = page.remaining();
            }
          }
        });
  }

  /** Looks a key up, and compares the row with the newest that was returned before it began. */
  private static void lookUp(
      TableCache cache, int number, AtomicLongArray seen, RecentLatency ages) {
    Key key = Key.of((long) number);
    long least = seen.get(number);
    long began = System.nanoTime();
    CacheEntry entry =
        cache.find(
            key,
            began,
            new CacheMeter() {
              @Override
              public void hit(boolean absent, long ageNanos) {
                ages.update(ageNanos);
              }

              @Override
              public void miss() {}
            });
    Put row = entry == null ? cache.load(key, began).join() : entry.row();
    assertThat(row != null || mayBeAbsent(number)).as("key %s is absent", number).isTrue();
    if (row != null) {
      assertThat(row.version()).as("key %s", number).isGreaterThanOrEqualTo(least);
      seen.accumulateAndGet(number, row.version(), Math::max);
    }
  }

  private long value(String metric) {
    return (Long) metrics.value("dim.store.stress.table.t." + metric);
  }

  private static TableSpec spec() {
    return new TableSpec(
        "t",
        List.of(new Column("k", DataType.Simple.BIGINT), new Column("v", DataType.Simple.BIGINT)),
        List.of("k"),
        Map.of("change-feed", "true"));
  }

  /** Reads one key at a time, as soon as it is asked for. */
  private record OfTable(DimensionTable table) implements TableCache.Source {

    @Override
    public CompletableFuture<@Nullable Put> read(Key key) {
      return CompletableFuture.supplyAsync(
          () -> table.get(List.of(key), Projection.all(1)).toCompletableFuture().join().get(0));
    }

    @Override
    public CompletableFuture<@Nullable Put> readOnce(Key key) {
      return read(key);
    }
  }
}
