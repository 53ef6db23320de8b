// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.flink.FaultyStoreFactory;
import io.dimstore.flink.Sql;
import io.dimstore.flink.internal.sink.deadletter.DeadLetterTableFactory;
import io.dimstore.spi.Change;
import io.dimstore.spi.StoreException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.apache.flink.util.Collector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tests a savepoint of a sink that has replaced changes of a key. */
@Timeout(120)
class SinkSavepointTest {

  @RegisterExtension static final MiniClusterExtension CLUSTER = Sql.cluster();

  private static final TypeInformation<Row> TYPE =
      Types.ROW(Types.STRING, Types.STRING, Types.LONG);

  private static volatile CountDownLatch passed = new CountDownLatch(1);

  private final BlockingQueue<Write> writes = new LinkedBlockingQueue<>();

  @TempDir private Path folder;

  /** A write that waits for its answer. */
  private record Write(
      List<Change> changes,
      CompletableFuture<Void> answer,
      Supplier<CompletionStage<Void>> stored) {}

  /** Sends the rows of the test once, and nothing after that. */
  private static final class Rows implements FlatMapFunction<Long, Row> {
    @Override
    public void flatMap(Long number, Collector<Row> out) {
      if (number == 0) {
        out.collect(Row.of("x", "in flight", 1L));
        out.collect(Row.of("a", "valid", 1L));
        out.collect(Row.of("a", "refused", 2L));
      }
      passed.countDown();
    }
  }

  @AfterEach
  void heal() {
    FaultyStoreFactory.writes = FaultyStoreFactory.Writes.AS_STORED;
  }

  @Test
  void savepointBetweenARefusalAndTheOlderRowWaitsForTheOlderRow() throws Exception {
    FaultyStoreFactory.writes =
        (changes, stored) -> {
          Write write = new Write(changes, new CompletableFuture<>(), stored);
          writes.add(write);
          return write.answer();
        };
    try (Sql sql = table(Sql.streaming(1))) {
      JobClient job = start(sql);
      CompletableFuture<String> savepoint =
          job.stopWithSavepoint(false, folder.toUri().toString(), SavepointFormatType.CANONICAL);
      apply(next("x"));
      Write refused = next("a");
      assertThat(refused.changes().get(0).version()).isEqualTo(2);
      refused
          .answer()
          .completeExceptionally(
              StoreException.invalid("too large", List.of(refused.changes().get(0).key())));
      Write older = next("a");
      assertThat(older.changes().get(0).version()).isEqualTo(1);
      assertThat(savepoint).isNotDone();
      assertThat(DeadLetterTableFactory.letters(sql.instance)).isEmpty();
      apply(older);
      String path = savepoint.get(60, TimeUnit.SECONDS);
      job.getJobExecutionResult().get(60, TimeUnit.SECONDS);
      assertThat(DeadLetterTableFactory.letters(sql.instance)).hasSize(1);
      assertThat(sql.rows("SELECT * FROM t"))
          .containsExactly("+I[a, valid, 1]", "+I[x, in flight, 1]");
      sql.env.getConfig().set(StateRecoveryOptions.SAVEPOINT_PATH, path);
      JobClient restored = start(sql);
      restored
          .stopWithSavepoint(false, folder.toUri().toString(), SavepointFormatType.CANONICAL)
          .get(60, TimeUnit.SECONDS);
      assertThat(writes).as("of the restored job").isEmpty();
      assertThat(DeadLetterTableFactory.letters(sql.instance)).hasSize(1);
    }
  }

  private Write next(String key) throws InterruptedException {
    Write write = writes.poll(60, TimeUnit.SECONDS);
    assertThat(write).isNotNull();
    assertThat(write.changes()).hasSize(1);
    assertThat(write.changes().get(0).key().get(0)).isEqualTo(key);
    return write;
  }

  private static void apply(Write write) {
    write.stored().get().toCompletableFuture().join();
    write.answer().complete(null);
  }

  /** Starts the job, and waits until it has passed rows on. */
  private static JobClient start(Sql sql) throws Exception {
    passed = new CountDownLatch(1);
    JobClient job =
        sql.env.executeSql("INSERT INTO t SELECT * FROM c").getJobClient().orElseThrow();
    assertThat(passed.await(60, TimeUnit.SECONDS)).isTrue();
    return job;
  }

  private static Sql table(Sql sql) {
    sql.table(
        "t",
        "id STRING, s STRING, v BIGINT, PRIMARY KEY (id) NOT ENFORCED",
        "store",
        "faulty",
        "version.column",
        "v",
        "sink.linger",
        "1 h",
        "sink.invalid-rows",
        "dead-letter",
        "sink.dead-letter.connector",
        "letters",
        "sink.dead-letter.topic",
        sql.instance);
    DataGeneratorSource<Long> numbers =
        new DataGeneratorSource<>(
            n -> n, Long.MAX_VALUE, RateLimiterStrategy.perSecond(100), Types.LONG);
    sql.env.createTemporaryView(
        "c",
        sql.env.fromDataStream(
            sql.streams
                .fromSource(numbers, WatermarkStrategy.noWatermarks(), "numbers")
                .uid("numbers")
                .flatMap(new Rows())
                .returns(TYPE)
                .uid("rows")));
    return sql;
  }
}
