// SPDX-License-Identifier: Apache-2.0
package io.dimstore.writer;

import io.dimstore.jobs.FailureText;
import io.dimstore.jobs.records.RawRecord;
import io.dimstore.jobs.run.Restarts;
import io.dimstore.jobs.sql.Dimension;
import io.dimstore.jobs.sql.SqlScript;
import io.dimstore.spi.StoreException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableException;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.api.bridge.java.StreamStatementSet;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;
import org.jspecify.annotations.Nullable;

/**
 * A writer job that is planned and ready to run. It reads the change topics as tables, parses each
 * with a {@link ParseChanges} function, and writes the changes with SQL, all in one statement set.
 * The records of a key keep their order from the Kafka partition to the store.
 *
 * <p>Not thread-safe.
 */
public final class DimWriterJob {

  private final StreamExecutionEnvironment env;
  private final List<Dimension> dimensions;

  private DimWriterJob(StreamExecutionEnvironment env, List<Dimension> dimensions) {
    this.env = env;
    this.dimensions = dimensions;
  }

  /**
   * Plans the job in an environment, and sets the environment's checkpointing, parallelism and
   * object reuse. Connects to no server; {@link Preflight} does that.
   *
   * @throws WriterException if Flink or the connector refuses an option; the message says what to
   *     change
   */
  public static DimWriterJob build(StreamExecutionEnvironment env, WriterOptions options) {
    try {
      return plan(env, prepare(env, options), WriterSql.of(options), options);
    } catch (ValidationException | TableException | StoreException | IllegalArgumentException e) {
      throw new WriterException(FailureText.inOneLine(e), e);
    }
  }

  /** Returns Flink's plan of a job. It may contain table options, so it must not be logged. */
  static String explain(StreamExecutionEnvironment env, WriterOptions options) {
    return statements(prepare(env, options), WriterSql.of(options), options).explain();
  }

  /**
   * Returns the SQL that a run with these options executes, with secrets masked. Does not plan the
   * job.
   */
  public static String sql(WriterOptions options) {
    return SqlScript.masked(WriterSql.of(options).text());
  }

  static StreamTableEnvironment prepare(StreamExecutionEnvironment env, WriterOptions options) {
    options.job().applyTo(env);
    Restarts.limit(env, options.job().reading().bounded());
    StreamTableEnvironment tables =
        StreamTableEnvironment.create(env, EnvironmentSettings.inStreamingMode());
    tables.getConfig().setLocalTimeZone(ZoneOffset.UTC);
    return tables;
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
      deadLetters.add(changes.getSideOutput(RawRecord.DEAD_LETTERS));
      tables.createTemporaryView(
          dimension.name() + "_changes",
          tables.fromChangelogStream(
              changes, ChangeRows.changeSchema(dimension), ChangeRows.CHANGELOG));
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
        .returns(ChangeRows.changeType(dimension))
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
   * @throws WriterException if Flink does not accept the job
   */
  public JobClient execute() {
    try {
      return env.executeAsync("dim-writer");
    } catch (Exception e) {
      throw WriterException.ofJob("Flink did not accept the job: " + FailureText.inOneLine(e), e);
    }
  }

  /**
   * Waits until a bounded job has ended, and returns its result.
   *
   * @throws WriterException if the job failed or was cancelled
   */
  public WriterResult await(JobClient job) throws InterruptedException {
    try {
      JobExecutionResult result = job.getJobExecutionResult().get();
      return WriterResult.of(
          dimensions, result.getAllAccumulatorResults(), Duration.ofMillis(result.getNetRuntime()));
    } catch (ExecutionException e) {
      throw WriterException.ofJob("The job failed: " + FailureText.inOneLine(e), e);
    }
  }

  /** Returns the number of records read, from the accumulators of a running job. */
  long read(Map<String, ?> accumulators) {
    return WriterResult.of(dimensions, accumulators, Duration.ZERO).read();
  }

  /**
   * Returns the counts of a running job so far.
   *
   * @throws WriterException if the job does not answer
   */
  public WriterResult progress(JobClient job) throws InterruptedException {
    try {
      return WriterResult.of(dimensions, job.getAccumulators().get(), Duration.ZERO);
    } catch (ExecutionException e) {
      throw WriterException.ofJob("The job does not answer: " + FailureText.inOneLine(e), e);
    }
  }
}
