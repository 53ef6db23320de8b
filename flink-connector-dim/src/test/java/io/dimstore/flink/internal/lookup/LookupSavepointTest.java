// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.lookup;

import static io.dimstore.flink.Conditions.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.flink.FaultyStoreFactory;
import io.dimstore.flink.Sql;
import io.dimstore.flink.internal.sink.deadletter.DeadLetterTableFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests jobs that are stopped with a savepoint while their lookups wait for a store. */
@Timeout(120)
class LookupSavepointTest {

  @RegisterExtension static final MiniClusterExtension CLUSTER = Sql.cluster();

  private static final int MORE = 10;

  @TempDir private Path folder;

  @AfterEach
  void heal() {
    FaultyStoreFactory.reads = FaultyStoreFactory.Reads.AS_STORED;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "'async'='true'; NONE",
        "'async'='true'; PARTIAL",
        "'async'='true', 'output-mode'='allow_unordered'; NONE",
        "'async'='true', 'retry-predicate'='lookup_miss', 'retry-strategy'='fixed_delay',"
            + " 'fixed-delay'='10 ms', 'max-attempts'='3'; NONE"
      })
  void stoppedJobKeepsRowsWhoseLookupsWaitInItsSavepoint(String hint, String cache)
      throws Exception {
    AtomicInteger waiting = new AtomicInteger();
    try (Sql sql = tables(Sql.streaming(1), cache)) {
      JobClient job = start(sql, hint);
      await(() -> !rows(sql).isEmpty());
      FaultyStoreFactory.reads =
          (keys, stored) -> {
            waiting.incrementAndGet();
            return new CompletableFuture<>();
          };
      await(() -> waiting.get() > 0);
      String savepoint = stop(job);
      FaultyStoreFactory.reads = FaultyStoreFactory.Reads.AS_STORED;
      int before = rows(sql).size();
      sql.env.getConfig().set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
      JobClient restored = start(sql, hint);
      await(() -> rows(sql).size() > before + MORE);
      stop(restored);
      assertThat(rows(sql)).isEqualTo(LongStream.range(0, rows(sql).size()).boxed().toList());
    }
  }

  /** In a Flink version that hides the task's timers, only the failed answer can fail the job. */
  @Test
  void lookupThatIsClosedFailsNoJob() {
    LookupTask task = LookupTask.of(new FunctionContext(null));
    AsyncLookupAnswer failed = new AsyncLookupAnswer(task, Runnable::run);
    AsyncLookupAnswer closed = new AsyncLookupAnswer(task, Runnable::run);
    failed.fail(new IOException("made to fail"));
    task.end();
    closed.fail(new IOException("The lookup was closed"));
    assertThat(failed).isCompletedExceptionally();
    assertThat(closed).isNotDone();
  }

  private String stop(JobClient job) throws Exception {
    String savepoint =
        job.stopWithSavepoint(false, folder.toUri().toString(), SavepointFormatType.CANONICAL)
            .get(60, TimeUnit.SECONDS);
    job.getJobExecutionResult().get(60, TimeUnit.SECONDS);
    assertThat(job.getJobStatus().get()).isEqualTo(JobStatus.FINISHED);
    return savepoint;
  }

  private static JobClient start(Sql sql, String hint) {
    return sql.env
        .executeSql(
            "INSERT INTO target SELECT /*+ LOOKUP('table'='d', 'capacity'='10000', "
                + hint
                + ") */ a.k, d.n FROM asked a"
                + " LEFT JOIN dim FOR SYSTEM_TIME AS OF a.p d ON a.id = d.id")
        .getJobClient()
        .orElseThrow();
  }

  private static Sql tables(Sql sql, String cache) throws Exception {
    sql.table(
            "dim",
            "id STRING, n INT, PRIMARY KEY (id) NOT ENFORCED",
            "store",
            "faulty",
            "version",
            "arrival",
            "lookup.cache",
            cache,
            "lookup.cache.max-bytes",
            "300 b")
        .run("INSERT INTO dim VALUES ('a', 1), ('b', 2), ('c', 3)");
    sql.env.executeSql(
        "CREATE TABLE target (k BIGINT, n INT) WITH ('connector' = 'letters', 'topic' = '"
            + sql.instance
            + "')");
    sql.streams.enableCheckpointing(20);
    DataGeneratorSource<Long> numbers =
        new DataGeneratorSource<>(
            n -> n, Long.MAX_VALUE, RateLimiterStrategy.perSecond(100), Types.LONG);
    sql.env.createTemporaryView(
        "asked",
        sql.env.fromDataStream(
            sql.streams
                .fromSource(numbers, WatermarkStrategy.noWatermarks(), "numbers")
                .uid("numbers"),
            Schema.newBuilder()
                .columnByExpression("k", "f0")
                .columnByExpression(
                    "id", "CASE MOD(f0, 3) WHEN 0 THEN 'a' WHEN 1 THEN 'b' ELSE 'c' END")
                .columnByExpression("p", "PROCTIME()")
                .column("f0", "BIGINT")
                .build()));
    return sql;
  }

  /** Returns the keys of the rows that have arrived, in order. */
  private static List<Long> rows(Sql sql) {
    return DeadLetterTableFactory.letters(sql.instance).stream()
        .map(row -> (Long) row.getField(0))
        .sorted()
        .toList();
  }
}
