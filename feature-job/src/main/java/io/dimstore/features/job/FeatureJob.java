// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.job;

import io.dimstore.features.input.EventRows;
import io.dimstore.features.input.FeatureCounts;
import io.dimstore.features.input.ParsedEvents;
import io.dimstore.features.lookback.LookBackLimits;
import io.dimstore.features.lookback.LookBackRows;
import io.dimstore.features.lookback.LookBackStream;
import io.dimstore.features.rules.CustomerTier;
import io.dimstore.features.rules.Offer;
import io.dimstore.features.rules.PriceDeviationBp;
import io.dimstore.features.rules.ReturnRatioBp;
import io.dimstore.features.rules.RfmScore;
import io.dimstore.features.rules.RiskDecision;
import io.dimstore.features.rules.RiskScore;
import io.dimstore.jobs.FailureText;
import io.dimstore.jobs.JobException;
import io.dimstore.jobs.records.RawRecord;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.dag.Transformation;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.transformations.SourceTransformation;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.bridge.java.StreamStatementSet;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.utils.TypeConversions;
import org.jspecify.annotations.Nullable;

/**
 * One planned feature job, ready to run. SQL declares the source table; the parser and the
 * look-back are operators; SQL computes and inserts everything after them, in one statement set.
 *
 * <p>Not thread-safe.
 */
public final class FeatureJob {

  private static final String EVENTS = "events_with_lookback";
  private static final String ENRICHED = "enriched";

  /**
   * How long a dead letter may wait to be sent to its sink, in milliseconds. An output with a short
   * timeout has a thread that wakes up as often, whether or not there are records.
   */
  private static final long DEAD_LETTER_TIMEOUT = 100;

  private final StreamExecutionEnvironment env;
  private final StreamStatementSet statements;
  private final List<Table> sharedViews;
  private final FeatureSql sql;
  private final RestoredState restored;
  private final String name;

  private FeatureJob(
      StreamExecutionEnvironment env,
      StreamStatementSet statements,
      List<Table> sharedViews,
      FeatureSql sql,
      RestoredState restored,
      String name) {
    this.env = env;
    this.statements = statements;
    this.sharedViews = List.copyOf(sharedViews);
    this.sql = sql;
    this.restored = restored;
    this.name = name;
  }

  /**
   * Plans the job in an environment. Sets the environment's checkpointing, object reuse and buffer
   * timeout.
   *
   * <p>If the environment names a savepoint that contains a result which the options do not
   * request, that result is planned too. It receives no new events. It only completes the lookups
   * that were in flight and emits their rows.
   *
   * @throws IllegalArgumentException if an option, a variable of a SQL file or the variant is wrong
   * @throws org.apache.flink.table.api.ValidationException if Flink refuses a table or a query
   */
  public static FeatureJob build(StreamExecutionEnvironment env, FeatureJobOptions options) {
    RestoredState restored = RestoredState.of(env.getConfiguration());
    Set<Result> results = EnumSet.copyOf(options.feature().results());
    for (Result result : Result.values()) {
      if (restored.mayHold(result.view())) {
        results.add(result);
      }
    }
    FeatureSql sql = new FeatureSql(options, results);
    StreamTableEnvironment tables = Environment.prepare(env, options);
    registerRules(tables);
    sql.statements(FeatureSql.SOURCES).forEach(tables::executeSql);
    DataStream<RowData> events = addLookBack(tables, options);
    StreamStatementSet statements = tables.createStatementSet();
    List<Table> sharedViews = new ArrayList<>();
    sql.statements(FeatureSql.DIMENSIONS).forEach(tables::executeSql);
    tables.createTemporaryView(EVENTS, events, eventSchema());
    SharedView.Computed enriched = enrich(tables, sql);
    sharedViews.add(enriched.query());
    for (Result result : results) {
      if (restored.exists()) {
        tables.dropTemporaryView(ENRICHED);
        tables.createTemporaryView(ENRICHED, eventsOf(result, enriched));
      }
      for (String file : result.files()) {
        for (String statement : sql.statements(file)) {
          add(tables, statements, statement);
          SharedView.compute(tables, result.view(), statement)
              .ifPresent(view -> sharedViews.add(view.query()));
        }
      }
    }
    sql.statements(FeatureSql.DEAD_LETTERS)
        .forEach(statement -> add(tables, statements, statement));
    return new FeatureJob(
        env, statements, sharedViews, sql, restored, Environment.jobName(options));
  }

  private static void add(
      StreamTableEnvironment tables, StreamStatementSet statements, String statement) {
    if (statement.toUpperCase(Locale.ROOT).startsWith("INSERT")) {
      statements.addInsertSql(statement);
    } else {
      tables.executeSql(statement);
    }
  }

  /** Joins the events with their dimensions, once for all results. */
  private static SharedView.Computed enrich(StreamTableEnvironment tables, FeatureSql sql) {
    SharedView.@Nullable Computed enriched = null;
    for (String statement : sql.statements(FeatureSql.ENRICHED)) {
      tables.executeSql(statement);
      enriched = SharedView.compute(tables, ENRICHED, statement).orElse(enriched);
    }
    if (enriched == null) {
      throw new IllegalArgumentException(
          FeatureSql.ENRICHED + " does not create the temporary view " + ENRICHED);
    }
    return enriched;
  }

  /**
   * Returns the events of which a result is to be computed. A savepoint may hold events that came
   * in while the job computed other results: an event in flight yields the rows of the results at
   * that time, and a new event those of this job.
   */
  private static DataStream<RowData> eventsOf(Result result, SharedView.Computed enriched) {
    int column =
        enriched.query().getResolvedSchema().getColumnNames().indexOf(LookBackRows.RESULTS);
    if (column < 0) {
      throw new IllegalArgumentException(
          "the view " + ENRICHED + " lacks the column " + LookBackRows.RESULTS);
    }
    int bit = result.bit();
    return enriched.stream()
        .filter(event -> (event.getInt(column) & bit) != 0)
        .name("events of " + result.view());
  }

  /**
   * Returns the SQL that a run with these options executes, with secrets masked. Does not plan the
   * job.
   */
  public static String sql(FeatureJobOptions options) {
    return FeatureSql.of(options).masked();
  }

  /** Returns the SQL of this job, with secrets masked. */
  public String sql() {
    return sql.masked();
  }

  /**
   * Returns Flink's plans: first of each view that is computed once, then of all inserts. Must not
   * be called after {@link #execute}.
   */
  public String explain() {
    StringBuilder plans = new StringBuilder();
    sharedViews.forEach(view -> plans.append(view.explain()).append('\n'));
    return plans.append(statements.explain()).toString();
  }

  /**
   * Starts the job and returns at once.
   *
   * @throws JobException if Flink does not accept the job, or if the savepoint to restore has state
   *     that no operator of the job takes over. The message contains the remedy.
   */
  public JobClient execute() {
    attach();
    try {
      return env.executeAsync(name);
    } catch (Exception e) {
      throw JobException.ofSubmitted(
          "Flink did not accept the job: " + FailureText.inOneLine(e), e);
    }
  }

  /**
   * Waits until a bounded job has ended, and returns its counts.
   *
   * @throws JobException if the job failed or was cancelled
   */
  public static FeatureCounts await(JobClient job) throws InterruptedException {
    try {
      return FeatureCounts.of(job.getJobExecutionResult().get().getAllAccumulatorResults());
    } catch (ExecutionException e) {
      throw JobException.ofSubmitted("The job failed: " + FailureText.inOneLine(e), e);
    }
  }

  /**
   * Adds the job to its environment and sets the operator uids by which savepoints find their
   * state.
   */
  void attach() {
    statements.attachAsDataStream();
    OperatorUids.ofSinks(env.getTransformations());
    restored.requireClaimed(() -> env.getStreamGraph(false).getJobGraph());
  }

  private static DataStream<RowData> addLookBack(
      StreamTableEnvironment tables, FeatureJobOptions options) {
    DataStream<RowData> raw =
        tables.toDataStream(
            tables.from("raw_events"),
            TypeConversions.fromLogicalToDataType(EventRows.RAW).bridgedTo(RowData.class));
    nameSource(raw);
    SingleOutputStreamOperator<RowData> parsed =
        ParsedEvents.of(raw, options.maxAhead()).name("parse events").uid(OperatorUids.PARSE);
    SingleOutputStreamOperator<RowData> withLookBack =
        LookBackStream.of(
                parsed,
                LookBackLimits.of(options.lateness(), options.stateTtl(), options.maxHistory()),
                options.feature().results().stream().mapToInt(Result::bit).sum())
            .name("look back")
            .uid(OperatorUids.LOOK_BACK);
    // The look-back has no other output outside of its chain.
    withLookBack.setBufferTimeout(DEAD_LETTER_TIMEOUT);
    tables.createTemporaryView(
        "dead_letters",
        parsed
            .getSideOutput(RawRecord.DEAD_LETTERS)
            .union(withLookBack.getSideOutput(RawRecord.DEAD_LETTERS)));
    return withLookBack;
  }

  private static Schema eventSchema() {
    return Schema.newBuilder()
        .fromRowDataType(TypeConversions.fromLogicalToDataType(LookBackRows.TYPE))
        .columnByExpression("proctime", "PROCTIME()")
        .build();
  }

  /**
   * Gives the source a fixed uid, so that a savepoint restores its offsets even if queries were
   * added or removed.
   */
  private static void nameSource(DataStream<RowData> raw) {
    for (Transformation<?> transformation : raw.getTransformation().getTransitivePredecessors()) {
      if (transformation instanceof SourceTransformation) {
        transformation.setUid(OperatorUids.SOURCE);
      }
    }
  }

  private static void registerRules(StreamTableEnvironment tables) {
    tables.createTemporarySystemFunction("RETURN_RATIO_BP", ReturnRatioBp.class);
    tables.createTemporarySystemFunction("PRICE_DEVIATION_BP", PriceDeviationBp.class);
    tables.createTemporarySystemFunction("RISK_SCORE", RiskScore.class);
    tables.createTemporarySystemFunction("RISK_DECISION", RiskDecision.class);
    tables.createTemporarySystemFunction("RFM_SCORE", RfmScore.class);
    tables.createTemporarySystemFunction("CUSTOMER_TIER", CustomerTier.class);
    tables.createTemporarySystemFunction("OFFER", Offer.class);
  }
}
