package io.dimstore.writer;

import io.dimstore.flink.SqlScript;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.bridge.java.StreamStatementSet;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;
import org.jspecify.annotations.Nullable;

/**
 * One writer job, planned and ready to run: the change topics as tables, a parser for each, and
 * from there on SQL again, all in one statement set. From a Kafka partition to the store the
 * records of a key keep their order.
 *
 * <p>Not thread-safe.
 */
public final class DimWriterJob {

  private static final int ATTEMPTS = 3;

  private final StreamExecutionEnvironment env;
  private final List<Dimension> dimensions;

  private DimWriterJob(StreamExecutionEnvironment env, List<Dimension> dimensions) {
    this.env = env;
    this.dimensions = dimensions;
  }

  /**
   * Plans the job in an environment, whose checkpointing, parallelism and object reuse it sets;
   * nothing is asked of a server yet, {@link Preflight} does that.
   *
   * @throws WriterException if Flink or the connector refuses an option, with what to change
   */
  public static DimWriterJob build(StreamExecutionEnvironment env, WriterOptions options) {
    try {
      return plan(env, prepare(env, options), WriterSql.of(options), options);
    } catch (RuntimeException e) {
      throw new WriterException(WriterException.line(e), e);
    }
  }

  /** Flink's plan of such a job. Table options may stand in it: not for logs. */
  static String explain(StreamExecutionEnvironment env, WriterOptions options) {
    return statements(prepare(env, options), WriterSql.of(options), options).explain();
  }

  /** The SQL that a run with these options executes, with secrets masked; nothing is planned. */
  public static String sql(WriterOptions options) {
    return SqlScript.masked(WriterSql.of(options).text());
  }

  static StreamTableEnvironment prepare(StreamExecutionEnvironment env, WriterOptions options) {
    env.getConfig().enableObjectReuse();
    if (options.parallelism() > 0) {
      env.setParallelism(options.parallelism());
    }
    Duration interval = options.checkpointInterval();
    if (!interval.isZero()) {
      env.enableCheckpointing(interval.toMillis(), CheckpointingMode.EXACTLY_ONCE);
    }
    if (options.bounded() && !isSet(env)) {
      env.configure(restarts()); // else a table that is not writable is tried for ever
    }
    StreamTableEnvironment tables =
        StreamTableEnvironment.create(env, EnvironmentSettings.inStreamingMode());
    tables.getConfig().setLocalTimeZone(ZoneOffset.UTC);
    return tables;
  }

  private static boolean isSet(StreamExecutionEnvironment env) {
    return env.getConfiguration().getOptional(RestartStrategyOptions.RESTART_STRATEGY).isPresent();
  }

  private static Configuration restarts() {
    Configuration configuration = new Configuration();
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, ATTEMPTS);
    return configuration;
  }

  private static List<Dimension> dimensions(WriterOptions options) {
    return options.routes().stream().map(WriterOptions.Route::dimension).toList();
  }

  static DimWriterJob plan(
      StreamExecutionEnvironment env,
      StreamTableEnvironment tables,
      WriterSql sql,
      WriterOptions options) {
    statements(tables, sql, options).attachAsDataStream();
    return new DimWriterJob(env, dimensions(options));
  }

  private static StreamStatementSet statements(
      StreamTableEnvironment tables, WriterSql sql, WriterOptions options) {
    StreamStatementSet statements = tables.createStatementSet();
    sql.sources().forEach(tables::executeSql);
    List<DataStream<Row>> deadLetters = new ArrayList<>();
    for (Dimension dimension : dimensions(options)) {
      SingleOutputStreamOperator<Row> changes = parse(tables, dimension, options.maxAhead());
      deadLetters.add(changes.getSideOutput(DeadLetter.TAG));
      tables.createTemporaryView(
          dimension.name() + "_changes",
          tables.fromChangelogStream(changes, Records.changeSchema(dimension), Records.CHANGELOG));
    }
    tables.createTemporaryView(
        "dead_letters", deadLetters.stream().reduce(DataStream::union).orElseThrow());
    add(tables, statements, sql.sinks());
    add(tables, statements, sql.deadLetters());
    return statements;
  }

  private static SingleOutputStreamOperator<Row> parse(
      StreamTableEnvironment tables, Dimension dimension, @Nullable Duration maxAhead) {
    return tables
        .toDataStream(tables.from(dimension.name() + "_records"))
        .process(new ParseChanges(dimension, maxAhead))
        .returns(Records.changeType(dimension))
        .name("parse " + dimension.name() + " changes")
        .uid("parse-" + dimension.name());
  }

  private static void add(
      StreamTableEnvironment tables, StreamStatementSet statements, List<String> sql) {
    for (String statement : sql) {
      if (statement.toUpperCase(Locale.ROOT).startsWith("INSERT")) {
        statements.addInsertSql(statement);
      } else {
        tables.executeSql(statement);
      }
    }
  }

  /**
   * Starts the job and returns at once.
   *
   * @throws WriterException if Flink does not take the job
   */
  public JobClient execute() {
    try {
      return env.executeAsync("dim-writer");
    } catch (Exception e) {
      throw new WriterException("Flink did not take the job: " + WriterException.line(e), e);
    }
  }

  /**
   * Waits until a bounded job of these dimensions has ended, and tells what it did.
   *
   * @throws WriterException if the job failed or was cancelled
   */
  public WriterResult await(JobClient job) throws InterruptedException {
    try {
      JobExecutionResult result = job.getJobExecutionResult().get();
      return WriterResult.of(
          dimensions, result.getAllAccumulatorResults(), Duration.ofMillis(result.getNetRuntime()));
    } catch (ExecutionException e) {
      throw new WriterException("The job failed: " + WriterException.line(e), e);
    }
  }

  /**
   * What a running job has done so far.
   *
   * @throws WriterException if the job does not answer
   */
  public WriterResult progress(JobClient job) throws InterruptedException {
    try {
      return WriterResult.of(dimensions, job.getAccumulators().get(), Duration.ZERO);
    } catch (ExecutionException e) {
      throw new WriterException("The job does not answer: " + WriterException.line(e), e);
    }
  }
}
