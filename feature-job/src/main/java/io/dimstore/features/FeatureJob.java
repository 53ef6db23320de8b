package io.dimstore.features;

import io.dimstore.features.rules.CustomerTier;
import io.dimstore.features.rules.Offer;
import io.dimstore.features.rules.PriceDeviationBp;
import io.dimstore.features.rules.ReturnRatioBp;
import io.dimstore.features.rules.RfmScore;
import io.dimstore.features.rules.RiskDecision;
import io.dimstore.features.rules.RiskScore;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.flink.api.common.typeinfo.Types;
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

/**
 * One feature job, planned and ready to run: the source table from SQL, the parser and the
 * look-back as operators, and everything after them from SQL again, all in one statement set.
 *
 * <p>Not thread-safe.
 */
public final class FeatureJob {

  private static final String EVENTS = "events_with_lookback";

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
   * Plans the job in an environment, whose checkpointing, object reuse and buffer timeout it sets.
   *
   * <p>Where the environment names a savepoint to restore, and this savepoint has a result that the
   * options do not ask for, that result is planned too, but gets no new events: the lookups that
   * were under way end there, and their rows leave.
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
    sql.statements("sources.sql").forEach(tables::executeSql);
    DataStream<RowData> events = addLookBack(tables, options);
    StreamStatementSet statements = tables.createStatementSet();
    List<Table> sharedViews = new ArrayList<>();
    sql.statements("dimensions.sql").forEach(tables::executeSql);
    for (Result result : results) {
      boolean asked = options.feature().results().contains(result);
      tables.createTemporaryView(EVENTS, asked ? events : none(events), eventSchema());
      for (String file : result.files()) {
        for (String statement : sql.statements(file)) {
          add(tables, statements, statement);
          SharedView.compute(tables, result, statement).ifPresent(sharedViews::add);
        }
      }
      tables.dropTemporaryView(EVENTS);
    }
    sql.statements("dead-letters.sql").forEach(statement -> add(tables, statements, statement));
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

  /** The events for a result that is only drained: none. */
  private static DataStream<RowData> none(DataStream<RowData> events) {
    return events.filter(event -> false).name("no new events");
  }

  /** The SQL that a run with these options executes, with secrets masked; nothing is planned. */
  public static String sql(FeatureJobOptions options) {
    return new FeatureSql(options, options.feature().results()).masked();
  }

  /** The SQL of this job, with secrets masked. */
  public String sql() {
    return sql.masked();
  }

  /**
   * Flink's plans: of each view that is computed once, then of all that is inserted. Not after
   * {@link #execute}.
   */
  public String explain() {
    StringBuilder plans = new StringBuilder();
    sharedViews.forEach(view -> plans.append(view.explain()).append('\n'));
    return plans.append(statements.explain()).toString();
  }

  /**
   * Starts the job and returns at once.
   *
   * @throws IllegalStateException if Flink does not take the job, or if the savepoint to restore
   *     has state that the job does not take over, with what to do
   */
  public JobClient execute() {
    attach();
    try {
      return env.executeAsync(name);
    } catch (Exception e) {
      throw new IllegalStateException("Flink did not take the job: " + Failures.inOneLine(e), e);
    }
  }

  /** Adds the job to its environment, with the ids by which savepoints find its operators. */
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
        raw.process(new ParseFunction(options.maxAhead()))
            .returns(EventRows.info(EventRows.PARSED))
            .name("parse events")
            .uid(OperatorUids.PARSE);
    SingleOutputStreamOperator<RowData> withLookBack =
        parsed
            .keyBy(row -> row.getString(EventRows.USER_ID).toString(), Types.STRING)
            .process(
                new LookBackFunction(
                    new LookBackFunction.Limits(
                        options.lateness(),
                        options.stateTtl(),
                        LookBackFunction.Limits.LARGE_FROM,
                        options.maxHistory())))
            .returns(EventRows.info(EventRows.WITH_LOOK_BACK))
            .name("look back")
            .uid(OperatorUids.LOOK_BACK);
    tables.createTemporaryView(
        "dead_letters",
        parsed.getSideOutput(DeadLetters.TAG).union(withLookBack.getSideOutput(DeadLetters.TAG)));
    return withLookBack;
  }

  private static Schema eventSchema() {
    return Schema.newBuilder()
        .fromRowDataType(TypeConversions.fromLogicalToDataType(EventRows.WITH_LOOK_BACK))
        .columnByExpression("proctime", "PROCTIME()")
        .build();
  }

  /** With a name of its own the source finds its offsets again when other queries come or go. */
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
