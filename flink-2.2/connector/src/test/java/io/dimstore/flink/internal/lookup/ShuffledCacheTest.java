// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.flink.DimMetrics;
import io.dimstore.flink.Sql;
import io.dimstore.flink.internal.cache.CacheClock;
import io.dimstore.flink.internal.cache.CacheMeter;
import io.dimstore.flink.internal.cache.CacheSettings;
import io.dimstore.flink.internal.cache.TableCache;
import io.dimstore.flink.internal.metrics.StoreMeter;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.ScalarFunction;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Tests what the LOOKUP hint 'shuffle' is worth to eight processes of one subtask each, whose
 * caches have room for an eighth of the keys. The events are sent by a job of eight subtasks. All
 * of them are in one process here, and would share one cache: so the job records which keys each
 * subtask received, and the test looks these keys up in a cache for each subtask.
 */
@Timeout(300)
class ShuffledCacheTest {

  private static final int KEYS = 100_000;
  private static final int SUBTASKS = 8;
  private static final int EVENTS = 1_000_000;

  @RegisterExtension static final MiniClusterExtension CLUSTER = Sql.cluster(SUBTASKS);

  private static final ZipfKeys ZIPF = new ZipfKeys(KEYS, 1.2);

  private static volatile SubtaskKeys received = new SubtaskKeys(SUBTASKS);

  private static String id(int key) {
    return "user-" + (KEYS + key);
  }

  /** Returns the id of the user of an event, drawn from a Zipf distribution. */
  public static final class UserOf extends ScalarFunction {

    private static final long serialVersionUID = 1L;

    public String eval(long event) {
      return id(ZIPF.at(new SplittableRandom(event).nextDouble()));
    }
  }

  /** Records which subtask has received an event, and returns what the lookup has found. */
  public static final class Received extends ScalarFunction {

    private static final long serialVersionUID = 1L;

    private transient int subtask;

    @Override
    public void open(FunctionContext context) {
      subtask = context.getTaskInfo().getIndexOfThisSubtask();
    }

    @Override
    public boolean isDeterministic() {
      return false;
    }

    public String eval(String id, String name) {
      received.add(subtask, Integer.parseInt(id.substring(5)) - KEYS);
      return name;
    }
  }

  /** A cache with room for an eighth of the keys, and how many of its lookups hit. */
  private static final class Replay implements TableCache.Source, CacheMeter, AutoCloseable {

    private static final Duration LONG = Duration.ofDays(1);

    private final String store = "replay-" + UUID.randomUUID();
    private final TableCache cache;
    private int hits;

    private Replay(long maxBytes) {
      cache =
          new TableCache(
              new CacheSettings(
                  false,
                  maxBytes,
                  LONG,
                  LONG,
                  Duration.ZERO,
                  new CacheSettings.Following(false, Duration.ZERO, LONG)),
              this,
              CacheClock.SYSTEM,
              new StoreMeter(store, List.of()).table("t"));
    }

    private void lookUp(int key) {
      Key asked = Key.of(id(key));
      long now = System.nanoTime();
      if (cache.find(asked, now, this) == null) {
        assertThat(cache.load(asked, now)).isCompleted();
      }
    }

    @Override
    public CompletableFuture<@Nullable Put> read(Key key) {
      return CompletableFuture.completedFuture(new Put(key, Row.of("name"), 1));
    }

    @Override
    public CompletableFuture<@Nullable Put> readOnce(Key key) {
      return read(key);
    }

    @Override
    public void hit(boolean absent, long ageNanos) {
      hits++;
    }

    @Override
    public void miss() {}

    @Override
    public void close() {
      cache.close();
    }
  }

  @Test
  void withTheHintLoadsAreEvenAndCachesOfAnEighthOfTheKeysHit() throws Exception {
    SubtaskKeys keys = lookUp("/*+ LOOKUP('table' = 'u', 'shuffle' = 'true') */ ");
    assertThat(keys.busiestByMean()).isLessThan(1.2);
    assertThat(keys.shared(KEYS)).as("keys of several subtasks").hasSizeBetween(1, 100);
    assertThat(hitRate(keys)).isGreaterThan(0.95);
  }

  @Test
  void withoutTheHintTheSubtasksReceiveTheSameKeys() throws Exception {
    SubtaskKeys keys = lookUp("");
    assertThat(keys.shared(KEYS)).hasSizeGreaterThan(KEYS / 10);
    assertThat(hitRate(keys)).isLessThan(0.95);
  }

  /** Looks the users of all events up, and returns which subtask has received which. */
  private static SubtaskKeys lookUp(String hint) throws Exception {
    SubtaskKeys keys = new SubtaskKeys(SUBTASKS);
    received = keys;
    try (Sql sql = Sql.streaming(SUBTASKS)) {
      sql.table(
          "users",
          "id STRING, name STRING, PRIMARY KEY (id) NOT ENFORCED",
          "version",
          "arrival",
          "lookup.cache",
          "PARTIAL");
      sql.env.createTemporaryView("numbers", sql.streams.fromSequence(KEYS, 2 * KEYS - 1));
      sql.env.createTemporaryView("events", sql.streams.fromSequence(1, EVENTS));
      sql.env.createTemporarySystemFunction("user_of", UserOf.class);
      sql.env.createTemporarySystemFunction("received", Received.class);
      sql.env.executeSql("CREATE TABLE target (name STRING) WITH ('connector' = 'blackhole')");
      sql.run("INSERT INTO users SELECT 'user-' || CAST(f0 AS STRING), 'name' FROM numbers")
          .run(
              "INSERT INTO target SELECT "
                  + hint
                  + "received(e.id, u.name) FROM (SELECT user_of(f0) AS id, PROCTIME() AS t"
                  + " FROM events) AS e JOIN users FOR SYSTEM_TIME AS OF e.t AS u ON e.id = u.id");
    }
    assertThat(keys.events()).isEqualTo(EVENTS);
    return keys;
  }

  /**
   * Returns which part of the lookups hit, each subtask having a cache, after it has been filled.
   */
  private static double hitRate(SubtaskKeys keys) {
    int hits = 0;
    int lookups = 0;
    for (int i = 0; i < SUBTASKS; i++) {
      int half = keys.events(i) / 2;
      int[] at = {0};
      try (Replay replay = new Replay(bytesOfOneRow() * KEYS / SUBTASKS)) {
        keys.replay(
            i,
            key -> {
              if (at[0]++ == half) {
                replay.hits = 0;
              }
              replay.lookUp(key);
            });
        hits += replay.hits;
      }
      lookups += keys.events(i) - half;
    }
    return (double) hits / lookups;
  }

  private static long bytesOfOneRow() {
    try (Replay replay = new Replay(Long.MAX_VALUE)) {
      replay.lookUp(0);
      return (long)
          DimMetrics.snapshot().value(DimMetrics.table(replay.store, "t", DimMetrics.CACHE_BYTES));
    }
  }
}
