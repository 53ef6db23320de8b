// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.flink.Sql;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.Table;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.apache.flink.util.Collector;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests scans of jobs that fail once after a checkpoint. */
class ScanRecoveryTest {

  @RegisterExtension static final MiniClusterExtension CLUSTER = Sql.cluster();

  private static final int ROWS = 400;
  private static final AtomicInteger FAILED = new AtomicInteger();

  @BeforeEach
  void reset() {
    FAILED.set(0);
  }

  static Stream<String> conditions() {
    String keys =
        IntStream.range(0, ROWS).mapToObj(Integer::toString).collect(Collectors.joining(", "));
    return Stream.of("", " WHERE id IN (" + keys + ")");
  }

  @ParameterizedTest
  @MethodSource("conditions")
  void scanContinuesAtItsPositionAndLosesNothing(String condition) throws Exception {
    try (Sql sql = recovering()) {
      load(sql, "source");
      sql.table("target", "id INT, n BIGINT, PRIMARY KEY (id) NOT ENFORCED", "version.column", "n");
      Table source = sql.env.sqlQuery("SELECT id, n FROM source" + condition);
      var passed =
          sql.env
              .toDataStream(source)
              .process(new FailsOnce(ROWS / 16))
              .returns(Types.ROW_NAMED(new String[] {"id", "n"}, Types.INT, Types.LONG));
      sql.env.createTemporaryView(
          "passed",
          sql.env.fromDataStream(
              passed, Schema.newBuilder().column("id", "INT").column("n", "BIGINT").build()));
      sql.run("INSERT INTO target SELECT id, n FROM passed");

      assertThat(FAILED).hasValue(1);
      List<Row> rows = sql.results("SELECT id, n FROM target");
      Set<Object> ids = new HashSet<>();
      rows.forEach(row -> ids.add(row.getField(0)));
      assertThat(rows).hasSize(ROWS);
      assertThat(ids).hasSize(ROWS);
    }
  }

  @Test
  void aReplayWithVersionsLeavesTheSameTable() throws Exception {
    try (Sql sql = recovering()) {
      load(sql, "source");
      sql.table(
          "replayed",
          "k INT, n BIGINT, PRIMARY KEY (k) NOT ENFORCED",
          "version.column",
          "n",
          "sink.batch-size",
          "7");
      Table source = sql.env.sqlQuery("SELECT MOD(id, 10) AS k, n FROM source");
      var passed =
          sql.env
              .toDataStream(source)
              .process(new FailsOnce(ROWS / 16))
              .returns(Types.ROW_NAMED(new String[] {"k", "n"}, Types.INT, Types.LONG));
      sql.env.createTemporaryView(
          "passed",
          sql.env.fromDataStream(
              passed, Schema.newBuilder().column("k", "INT").column("n", "BIGINT").build()));
      sql.run("INSERT INTO replayed SELECT k, n FROM passed");

      assertThat(FAILED).hasValue(1);
      List<String> newest = new ArrayList<>();
      for (int k = 0; k < 10; k++) {
        newest.add("+I[" + k + ", " + (ROWS - 10 + k) + "]");
      }
      assertThat(sql.rows("SELECT k, n FROM replayed")).containsExactlyElementsOf(newest);
    }
  }

  private static void load(Sql sql, String name) throws Exception {
    sql.table(
            name,
            "id INT, n BIGINT, PRIMARY KEY (id) NOT ENFORCED",
            "version.column",
            "n",
            "scan.page-size",
            "3")
        .run(
            "INSERT INTO "
                + name
                + " SELECT id, CAST(id AS BIGINT) FROM (SELECT a * 20 + b AS id FROM "
                + numbers(20)
                + " x (a), "
                + numbers(20)
                + " y (b))");
  }

  private static String numbers(int count) {
    StringBuilder values = new StringBuilder("(VALUES ");
    for (int i = 0; i < count; i++) {
      values.append(i == 0 ? "" : ", ").append('(').append(i).append(')');
    }
    return values.append(')').toString();
  }

  private static Sql recovering() {
    Configuration configuration = new Configuration();
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 3);
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(1));
    Sql sql = Sql.streaming(2);
    sql.streams.configure(configuration);
    sql.streams.enableCheckpointing(50);
    return sql;
  }

  /** Forwards rows, and fails once, when a checkpoint completes after a given number of rows. */
  private static final class FailsOnce extends ProcessFunction<Row, Row>
      implements CheckpointListener {

    private final int share;
    private int seen;

    private FailsOnce(int share) {
      this.share = share;
    }

    @Override
    public void processElement(Row row, Context context, Collector<Row> out) {
      out.collect(row);
      seen++;
      if (FAILED.get() == 0) {
        // Slows down the scan so that checkpoints are taken while it runs.
        LockSupport.parkNanos(2_000_000);
      }
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) {
      if (seen >= share && FAILED.compareAndSet(0, 1)) {
        throw new IllegalStateException("made to fail");
      }
    }
  }
}
