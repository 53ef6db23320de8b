// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.proof;

import java.time.Duration;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.bridge.java.StreamStatementSet;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.Collector;

/**
 * A Flink job that writes changes into a table and looks rows of it up, both by SQL. Its sources
 * continue after a restart where the checkpoint says.
 */
final class MirrorJob {

  static final int PARALLELISM = 2;
  private static final double CHANGES_PER_SECOND = 100;
  private static final double LOOKUPS_PER_SECOND = 100;

  private MirrorJob() {}

  /**
   * Starts the job.
   *
   * @param table a CREATE TABLE of {@code dim} with the columns id, a and b
   * @param log the {@link JobLog} of its tasks
   * @param cluster where it runs
   */
  static JobClient start(String table, String log, Configuration cluster) throws Exception {
    Configuration settings = new Configuration(cluster);
    settings.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(300));
    settings.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    settings.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, Integer.MAX_VALUE);
    settings.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(500));
    // The environment of getExecutionEnvironment would run the job in this process.
    StreamExecutionEnvironment streams = new StreamExecutionEnvironment(settings);
    streams.setParallelism(PARALLELISM);
    StreamTableEnvironment tables = StreamTableEnvironment.create(streams);
    tables.executeSql(table);
    tables.createTemporaryView("changes", changes(streams, tables, log));
    tables.createTemporaryView("asked", asked(streams, tables, log));
    StreamStatementSet all = tables.createStatementSet();
    all.addInsertSql("INSERT INTO dim SELECT id, a, b FROM changes");
    all.attachAsDataStream();
    tables
        .toDataStream(
            tables.sqlQuery(
                "SELECT asked.n, asked.k, asked.t, dim.a, dim.b FROM asked"
                    + " LEFT JOIN dim FOR SYSTEM_TIME AS OF asked.p ON asked.k = dim.id"))
        .map(row -> answered(row, log))
        .returns(Types.LONG)
        .sinkTo(new DiscardingSink<>());
    return streams.executeAsync("mirror job");
  }

  private static Table changes(
      StreamExecutionEnvironment streams, StreamTableEnvironment tables, String log) {
    TypeInformation<Row> type =
        Types.ROW_NAMED(new String[] {"id", "a", "b"}, Types.STRING, Types.STRING, Types.LONG);
    DataStream<Row> rows =
        numbers(streams, "changes", CHANGES_PER_SECOND)
            .process(new SentChanges(log))
            .setParallelism(1)
            .returns(type);
    return tables.fromChangelogStream(
        rows,
        Schema.newBuilder()
            .column("id", DataTypes.STRING().notNull())
            .column("a", DataTypes.STRING())
            .column("b", DataTypes.BIGINT())
            .primaryKey("id")
            .build(),
        ChangelogMode.newBuilder()
            .addContainedKind(RowKind.INSERT)
            .addContainedKind(RowKind.DELETE)
            .build());
  }

  private static Table asked(
      StreamExecutionEnvironment streams, StreamTableEnvironment tables, String log) {
    DataStream<Row> rows =
        numbers(streams, "asked", LOOKUPS_PER_SECOND)
            .map(new Asking(log))
            .returns(Types.LONG)
            .setParallelism(1)
            .rebalance()
            .map(
                number ->
                    Row.of(number, JobChanges.asked(number, number), System.currentTimeMillis()))
            .returns(
                Types.ROW_NAMED(
                    new String[] {"n", "k", "t"}, Types.LONG, Types.STRING, Types.LONG));
    return tables.fromDataStream(
        rows, Schema.newBuilder().columnByExpression("p", "PROCTIME()").build());
  }

  private static DataStream<Long> numbers(
      StreamExecutionEnvironment streams, String name, double perSecond) {
    return streams
        .fromSource(
            new DataGeneratorSource<>(
                number -> number,
                Long.MAX_VALUE,
                RateLimiterStrategy.perSecond(perSecond),
                Types.LONG),
            WatermarkStrategy.noWatermarks(),
            name)
        .setParallelism(1);
  }

  private static long answered(Row row, String log) {
    long number = row.<Long>getFieldAs("n");
    JobLog.answered(
        log,
        number,
        row.getFieldAs("k"),
        row.getFieldAs("a"),
        row.getFieldAs("b"),
        row.<Long>getFieldAs("t"));
    return number;
  }

  /** Reports each lookup before it is sent. */
  private static final class Asking extends RichMapFunction<Long, Long> {

    private static final long serialVersionUID = 1;
    private final String log;

    private Asking(String log) {
      this.log = log;
    }

    @Override
    public void open(OpenContext context) {
      JobLog.append(log, JobLog.OPENED, 0);
    }

    @Override
    public Long map(Long number) {
      JobLog.append(log, JobLog.ASKING, number);
      return number;
    }
  }

  /** Makes rows of the numbers, and reports what completed checkpoints contain. */
  private static final class SentChanges extends ProcessFunction<Long, Row>
      implements CheckpointedFunction, CheckpointListener {

    private static final long serialVersionUID = 1;
    private final String log;
    private transient ListState<Long> position;
    private transient NavigableMap<Long, Long> checkpoints;
    private long next;

    private SentChanges(String log) {
      this.log = log;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
      JobLog.append(log, JobLog.OPENED, 0);
      checkpoints = new TreeMap<>();
      position =
          context
              .getOperatorStateStore()
              .getListState(new ListStateDescriptor<>("position", Types.LONG));
      if (context.isRestored()) {
        next = position.get().iterator().next();
        JobLog.append(log, JobLog.RESTORED, next);
      }
    }

    @Override
    public void processElement(Long number, Context context, Collector<Row> out) {
      if (number != next) {
        throw new IllegalStateException(number + " after " + (next - 1));
      }
      JobLog.append(log, JobLog.SENDING, number);
      Op op = JobChanges.of(number);
      io.dimstore.spi.Row row = Op.row(op.key(), op.version());
      out.collect(
          Row.ofKind(
              op.deletes() ? RowKind.DELETE : RowKind.INSERT, op.key(), row.get(0), row.get(1)));
      next++;
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
      position.update(List.of(next));
      checkpoints.put(context.getCheckpointId(), next);
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) {
      Long end = checkpoints.get(checkpoint);
      if (end != null) {
        JobLog.append(log, JobLog.CHECKPOINTED, end);
      }
      checkpoints.headMap(checkpoint, true).clear();
    }
  }
}
