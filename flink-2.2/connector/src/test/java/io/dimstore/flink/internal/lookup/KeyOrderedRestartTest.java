// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.lookup;

import static io.dimstore.flink.Conditions.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.flink.FaultyStoreFactory;
import io.dimstore.flink.Sql;
import io.dimstore.spi.Key;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.Collector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that a lookup join that keeps the order of each key still does so after a failure and in a
 * job that is started from a savepoint, if the checkpoint contains changes of a key that wait for a
 * slow lookup.
 */
@Timeout(120)
class KeyOrderedRestartTest {

  @RegisterExtension static final MiniClusterExtension CLUSTER = Sql.cluster();

  private static final int KEYS = 3;
  private static final int CHANGES_OF_KEY = 25;
  private static final AtomicInteger CHECKPOINTS = new AtomicInteger();

  /** The changes of each key that left the join, by attempt and key. */
  private static final Map<String, List<String>> LEFT = new ConcurrentHashMap<>();

  @TempDir private Path folder;

  @AfterEach
  void heal() {
    FaultyStoreFactory.reads = FaultyStoreFactory.Reads.AS_STORED;
    FaultyStoreFactory.onOpen = () -> {};
    LEFT.clear();
  }

  @ParameterizedTest
  @ValueSource(strings = {"NONE", "PARTIAL"})
  void changesThatWaitedInACheckpointLeaveInOrderAfterTheRestart(String cache) throws Exception {
    AtomicBoolean failing = new AtomicBoolean();
    AtomicBoolean restarted = new AtomicBoolean();
    AtomicInteger slow = new AtomicInteger();
    FaultyStoreFactory.onOpen = () -> restarted.set(failing.get());
    AtomicBoolean slowAgain = new AtomicBoolean();
    FaultyStoreFactory.reads =
        (keys, stored) -> {
          if (!keys.contains(Key.of("u0"))
              || (cache.equals("NONE") && slow.incrementAndGet() < 3)) {
            return stored.get();
          }
          if (!restarted.get()) {
            failing.set(true);
            return afterCheckpoints(
                () ->
                    CompletableFuture.failedFuture(
                        new StoreException(Kind.DENIED, "made to fail")));
          }
          return slowAgain.compareAndSet(false, true) ? afterCheckpoints(stored) : stored.get();
        };
    try (Sql sql = users(cache)) {
      join(sql, 0, (long) KEYS * CHANGES_OF_KEY);
      sql.streams.execute();
    }
    assertThat(restarted).isTrue();
    for (int key = 0; key < KEYS; key++) {
      List<String> all = changes(key, CHANGES_OF_KEY);
      List<String> before = left(0, key);
      List<String> after = left(1, key);
      assertThat(before).isEqualTo(all.subList(0, before.size()));
      assertThat(after).isEqualTo(all.subList(all.size() - after.size(), all.size()));
      assertThat(before.size() + after.size()).isGreaterThanOrEqualTo(all.size());
    }
    assertThat(left(0, 1)).as("other keys overtake").hasSizeGreaterThan(left(0, 0).size());
  }

  @Test
  void changesThatWaitedInASavepointLeaveInOrderInTheNextJob() throws Exception {
    AtomicInteger slow = new AtomicInteger();
    FaultyStoreFactory.reads =
        (keys, stored) ->
            keys.contains(Key.of("u0")) && slow.incrementAndGet() > 2
                ? new CompletableFuture<>()
                : stored.get();
    try (Sql sql = users("NONE")) {
      join(sql, 0, Long.MAX_VALUE);
      JobClient job = sql.streams.executeAsync();
      await(() -> left(0, 1).size() > 10);
      String savepoint = stop(job);
      FaultyStoreFactory.reads = FaultyStoreFactory.Reads.AS_STORED;
      sql.streams.configure(
          new Configuration().set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint));
      join(sql, 1, Long.MAX_VALUE);
      JobClient next = sql.streams.executeAsync();
      await(() -> left(1, 0).size() > 20);
      stop(next);
    }
    assertThat(left(0, 0)).hasSize(2);
    for (int key = 0; key < KEYS; key++) {
      List<String> both = new ArrayList<>(left(0, key));
      both.addAll(left(1, key));
      assertThat(both).isEqualTo(changes(key, both.size()));
    }
  }

  private String stop(JobClient job) throws Exception {
    return job.stopWithSavepoint(false, folder.toUri().toString(), SavepointFormatType.CANONICAL)
        .get(60, TimeUnit.SECONDS);
  }

  private static List<String> left(int attempt, int key) {
    return LEFT.getOrDefault(attempt + " k" + key, List.of());
  }

  /** Returns an answer that comes after three more checkpoints. */
  private static <T> CompletableFuture<T> afterCheckpoints(Supplier<CompletionStage<T>> answer) {
    int enough = CHECKPOINTS.get() + 3;
    return CompletableFuture.runAsync(() -> await(() -> CHECKPOINTS.get() >= enough))
        .thenCompose(any -> answer.get());
  }

  /** Returns the changes of a key as they leave the join. */
  private static List<String> changes(int key, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> change((long) i * KEYS + key))
        .map(row -> Row.ofKind(row.getKind(), row.getField(0), row.getField(1), "name " + key))
        .map(Row::toString)
        .toList();
  }

  /** Returns a change of the stream: an insert of each key first, then updates. */
  private static Row change(long index) {
    long key = index % KEYS;
    int step = (int) (index / KEYS);
    RowKind kind =
        step == 0 ? RowKind.INSERT : step % 2 == 1 ? RowKind.UPDATE_BEFORE : RowKind.UPDATE_AFTER;
    return Row.ofKind(kind, "k" + key, step / 2, "u" + key);
  }

  private static Sql users(String cache) throws Exception {
    Configuration configuration = new Configuration();
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 1);
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(1));
    Sql sql = Sql.streaming(1);
    sql.streams.configure(configuration);
    sql.streams.enableCheckpointing(20);
    sql.env.getConfig().set("table.exec.async-lookup.key-ordered-enabled", "true");
    sql.env.getConfig().set("table.exec.async-lookup.output-mode", "ALLOW_UNORDERED");
    sql.env.getConfig().set("table.exec.async-lookup.buffer-capacity", "10000");
    return sql.table(
            "users",
            "id STRING, name STRING, PRIMARY KEY (id) NOT ENFORCED",
            "store",
            "faulty",
            "version",
            "arrival",
            "lookup.batch-size",
            "1",
            "lookup.cache",
            cache)
        .run("INSERT INTO users VALUES ('u0', 'name 0'), ('u1', 'name 1'), ('u2', 'name 2')");
  }

  /**
   * Adds the join to the next job.
   *
   * @param first the number of the job's first attempt
   */
  private static void join(Sql sql, int first, long changes) {
    TypeInformation<Row> type =
        Types.ROW_NAMED(
            new String[] {"order_id", "n", "user_id"}, Types.STRING, Types.INT, Types.STRING);
    DataGeneratorSource<Row> source =
        new DataGeneratorSource<>(
            KeyOrderedRestartTest::change,
            changes,
            RateLimiterStrategy.perCheckpoint(2 * KEYS),
            type);
    sql.env.dropTemporaryView("orders");
    sql.env.createTemporaryView(
        "orders",
        sql.env.fromChangelogStream(
            sql.streams
                .fromSource(source, WatermarkStrategy.noWatermarks(), "changes")
                .uid("changes"),
            Schema.newBuilder()
                .column("order_id", "STRING NOT NULL")
                .column("n", "INT")
                .column("user_id", "STRING")
                .columnByExpression("t", "PROCTIME()")
                .primaryKey("order_id")
                .build(),
            ChangelogMode.all()));
    sql.env
        .toChangelogStream(
            sql.env.sqlQuery(
                "SELECT o.order_id, o.n, u.name FROM orders AS o"
                    + " LEFT JOIN users FOR SYSTEM_TIME AS OF o.t AS u ON o.user_id = u.id"))
        .process(new Recorder(first))
        .sinkTo(new DiscardingSink<>());
  }

  /** Records the changes that it receives, and counts completed checkpoints. */
  private static final class Recorder extends ProcessFunction<Row, Row>
      implements CheckpointListener {

    private static final long serialVersionUID = 1L;

    private final int first;

    private Recorder(int first) {
      this.first = first;
    }

    @Override
    public void processElement(Row row, Context context, Collector<Row> out) {
      int attempt = first + getRuntimeContext().getTaskInfo().getAttemptNumber();
      LEFT.computeIfAbsent(attempt + " " + row.getField(0), any -> new CopyOnWriteArrayList<>())
          .add(row.toString());
      out.collect(row);
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) {
      CHECKPOINTS.incrementAndGet();
    }
  }
}
