// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.flink.FaultyStoreFactory;
import io.dimstore.flink.Sql;
import io.dimstore.spi.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Ends a job at random points, and compares the table with the newest change of each key. A store
 * of the test has writes under way all the time: when the job is killed, it loses some of them, and
 * applies others later, as servers do with the requests of a killed process. The system property
 * {@code schedules} sets how many jobs run, {@code seed} the first of them.
 */
class KilledSinkTest {

  @RegisterExtension static final MiniClusterExtension CLUSTER = Sql.cluster();

  private static final int SCHEDULES = Integer.getInteger("schedules", 4);
  private static final long SEED = Long.getLong("seed", 1);
  private static final int CHANGES = 2_000;
  private static final int PER_SECOND = 2_000;

  /** Changes that the job that runs has sent to its sink, repeated ones included. */
  private static final AtomicLong SENT = new AtomicLong();

  /** How often the job that runs has to fail by itself. */
  private static final AtomicInteger FAILURES = new AtomicInteger();

  @AfterEach
  void heal() {
    FaultyStoreFactory.writes = FaultyStoreFactory.Writes.AS_STORED;
    FAILURES.set(0);
  }

  @Test
  void afterKillsTheTableHasTheNewestChangeOfEachKey(@InjectMiniCluster MiniCluster cluster)
      throws Exception {
    for (long seed = SEED; seed < SEED + SCHEDULES; seed++) {
      try (SlowServer server = new SlowServer(seed);
          Sql sql = Sql.streaming(2)) {
        FaultyStoreFactory.writes = server::write;
        run(seed, sql, server, cluster);
        server.close();
        assertThat(sql.rows("SELECT id, n, v FROM t")).as("seed %d", seed).isEqualTo(newest(seed));
      }
    }
  }

  private static void run(long seed, Sql sql, SlowServer server, MiniCluster cluster)
      throws Exception {
    Random random = new Random(~seed);
    Configuration settings = new Configuration();
    settings.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(20));
    settings.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    settings.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 100);
    settings.set(
        RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY,
        Duration.ofMillis(random.nextInt(30)));
    sql.streams.configure(settings);
    sql.table(
        "t",
        "id STRING, n BIGINT, v BIGINT, PRIMARY KEY (id) NOT ENFORCED",
        "store",
        "faulty",
        "version.column",
        "v",
        "sink.batch-size",
        Integer.toString(1 + random.nextInt(50)),
        "sink.delay",
        random.nextInt(30) + " ms");
    sql.env.createTemporaryView(
        "changes",
        sql.env.fromChangelogStream(
            changes(sql, seed),
            Schema.newBuilder()
                .column("id", DataTypes.STRING().notNull())
                .column("n", DataTypes.BIGINT())
                .column("v", DataTypes.BIGINT())
                .primaryKey("id")
                .build(),
            ChangelogMode.upsert()));
    SENT.set(0);
    JobClient job =
        sql.env.executeSql("INSERT INTO t SELECT * FROM changes").getJobClient().orElseThrow();
    for (int kills = 1 + random.nextInt(3); kills > 0; kills--) {
      long at = SENT.get() + 1 + random.nextInt(CHANGES / 2);
      while (SENT.get() < at && !job.getJobExecutionResult().isDone()) {
        TimeUnit.MILLISECONDS.sleep(1);
      }
      if (random.nextBoolean()) {
        server.loseClient();
        cluster.terminateTaskManager(0).get(1, TimeUnit.MINUTES);
        server.acceptClient();
        cluster.startTaskManager();
      } else {
        FAILURES.incrementAndGet();
      }
    }
    job.getJobExecutionResult().get(2, TimeUnit.MINUTES);
  }

  private static DataStream<Row> changes(Sql sql, long seed) {
    return sql.streams
        .fromSource(
            new DataGeneratorSource<>(
                number -> number, CHANGES, RateLimiterStrategy.perSecond(PER_SECOND), Types.LONG),
            WatermarkStrategy.noWatermarks(),
            "numbers")
        .setParallelism(1)
        .map(
            number -> {
              SENT.incrementAndGet();
              if (FAILURES.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new IllegalStateException("made to fail");
              }
              return change(seed, number);
            })
        .returns(
            Types.ROW_NAMED(new String[] {"id", "n", "v"}, Types.STRING, Types.LONG, Types.LONG))
        .setParallelism(1);
  }

  /** Returns a change: of one of a few keys, or of a key that changes once or twice. */
  private static Row change(long seed, long number) {
    Random random = new Random(seed * 1_000_003 + number);
    boolean often = random.nextInt(10) < 7;
    String key = often ? "often " + random.nextInt(20) : "once " + number / 2;
    boolean delete = random.nextInt(5) == 0;
    return Row.ofKind(
        delete ? RowKind.DELETE : RowKind.UPDATE_AFTER, key, number, 1_000_000 + number);
  }

  private static List<String> newest(long seed) {
    TreeMap<String, Row> rows = new TreeMap<>();
    for (long number = 0; number < CHANGES; number++) {
      Row change = change(seed, number);
      String key = change.getFieldAs(0);
      if (change.getKind() == RowKind.DELETE) {
        rows.remove(key);
      } else {
        rows.put(key, Row.of(key, change.getField(1), change.getField(2)));
      }
    }
    List<String> all = new ArrayList<>();
    rows.values().forEach(row -> all.add(row.toString()));
    all.sort(null);
    return all;
  }

  /** Applies writes after a while. */
  private static final class SlowServer implements AutoCloseable {

    private static final int LATE_MILLIS = 400;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final List<CompletableFuture<Void>> unanswered = new ArrayList<>();
    private final Random random;
    private int client;
    private boolean accepts = true;

    SlowServer(long seed) {
      this.random = new Random(seed);
    }

    /** From now on the client gets no answers. What it has sent is lost, or applied late. */
    synchronized void loseClient() {
      client++;
      accepts = false;
    }

    /** Answers the next client. */
    synchronized void acceptClient() {
      accepts = true;
      unanswered.forEach(SlowServer::fail);
      unanswered.clear();
    }

    /** Some writes take longer than a checkpoint without them. */
    private int millis() {
      return random.nextInt(5) == 0 ? 100 + random.nextInt(300) : random.nextInt(20);
    }

    private static void fail(CompletableFuture<Void> answer) {
      answer.completeExceptionally(
          new StoreException(StoreException.Kind.UNAVAILABLE, "the client has ended"));
    }

    synchronized CompletionStage<Void> write(
        List<?> changes, Supplier<CompletionStage<Void>> stored) {
      CompletableFuture<Void> answer = new CompletableFuture<>();
      if (accepts) {
        int sentBy = client;
        timer.schedule(() -> apply(sentBy, stored, answer), millis(), TimeUnit.MILLISECONDS);
      } else {
        unanswered.add(answer);
      }
      return answer;
    }

    private synchronized void apply(
        int sentBy, Supplier<CompletionStage<Void>> stored, CompletableFuture<Void> answer) {
      if (sentBy == client) {
        stored.get().whenComplete((nothing, failure) -> answer(answer, failure));
        return;
      }
      if (accepts) {
        fail(answer);
      } else {
        unanswered.add(answer);
      }
      if (random.nextBoolean()) {
        timer.schedule(
            () -> stored.get().toCompletableFuture().join(),
            random.nextInt(LATE_MILLIS),
            TimeUnit.MILLISECONDS);
      }
    }

    private static void answer(CompletableFuture<Void> answer, Throwable failure) {
      if (failure == null) {
        answer.complete(null);
      } else {
        answer.completeExceptionally(failure);
      }
    }

    @Override
    public void close() throws InterruptedException {
      timer.shutdown();
      assertThat(timer.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    }
  }
}
