package io.dimstore.features;

import io.dimstore.features.rules.CustomerTier;
import io.dimstore.features.rules.Offer;
import io.dimstore.features.rules.PriceDeviationBp;
import io.dimstore.features.rules.ReturnRatioBp;
import io.dimstore.features.rules.RfmScore;
import io.dimstore.features.rules.RiskDecision;
import io.dimstore.features.rules.RiskScore;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

  private final StreamStatementSet statements;
  private final List<Table> sharedViews;
  private final FeatureSql sql;

  private FeatureJob(StreamStatementSet statements, List<Table> sharedViews, FeatureSql sql) {
    this.statements = statements;
    this.sharedViews = List.copyOf(sharedViews);
    this.sql = sql;
  }

  /**
   * Plans the job in an environment, whose checkpointing, object reuse and buffer timeout it sets.
   *
   * @throws IllegalArgumentException if an option, a variable of a SQL file or the variant is wrong
   * @throws org.apache.flink.table.api.ValidationException if Flink refuses a table or a query
   */
  public static FeatureJob build(StreamExecutionEnvironment env, FeatureJobOptions options) {
    FeatureSql sql = new FeatureSql(options);
    StreamTableEnvironment tables = Environment.prepare(env, options);
    registerRules(tables);
    sql.statements("sources.sql").forEach(tables::executeSql);
    addLookBack(tables, options);
    StreamStatementSet statements = tables.createStatementSet();
    List<Table> sharedViews = new ArrayList<>();
    for (String file : sql.filesAfterSources()) {
      for (String statement : sql.statements(file)) {
        if (statement.toUpperCase(Locale.ROOT).startsWith("INSERT")) {
          statements.addInsertSql(statement);
        } else {
          tables.executeSql(statement);
          SharedView.compute(tables, statement).ifPresent(sharedViews::add);
        }
      }
    }
    return new FeatureJob(statements, sharedViews, sql);
  }

  /** The SQL that a run with these options executes, with secrets masked; nothing is planned. */
  public static String sql(FeatureJobOptions options) {
    return new FeatureSql(options).masked();
  }

  /** The SQL of this job, with secrets masked. */
  public String sql() {
    return sql.masked();
  }

  /** Flink's plans: of each view that is computed once, then of all that is inserted. */
  public String explain() {
    StringBuilder plans = new StringBuilder();
    sharedViews.forEach(view -> plans.append(view.explain()).append('\n'));
    return plans.append(statements.explain()).toString();
  }

  /** Starts the job and returns at once. */
  public JobClient execute() {
    return statements
        .execute()
        .getJobClient()
        .orElseThrow(() -> new IllegalStateException("Flink started no job"));
  }

  private static void addLookBack(StreamTableEnvironment tables, FeatureJobOptions options) {
    DataStream<RowData> raw =
        tables.toDataStream(
            tables.from("raw_events"),
            TypeConversions.fromLogicalToDataType(EventRows.RAW).bridgedTo(RowData.class));
    nameSource(raw);
    SingleOutputStreamOperator<RowData> parsed =
        raw.process(new ParseFunction(options.maxAhead()))
            .returns(EventRows.info(EventRows.PARSED))
            .name("parse events")
            .uid("parse-events");
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
            .uid("look-back");
    tables.createTemporaryView(
        "events_with_lookback",
        withLookBack,
        Schema.newBuilder()
            .fromRowDataType(TypeConversions.fromLogicalToDataType(EventRows.WITH_LOOK_BACK))
            .columnByExpression("proctime", "PROCTIME()")
            .build());
    tables.createTemporaryView(
        "dead_letters",
        parsed.getSideOutput(DeadLetters.TAG).union(withLookBack.getSideOutput(DeadLetters.TAG)));
  }

  /** With a name of its own the source finds its offsets again when other queries come or go. */
  private static void nameSource(DataStream<RowData> raw) {
    for (Transformation<?> transformation : raw.getTransformation().getTransitivePredecessors()) {
      if (transformation instanceof SourceTransformation) {
        transformation.setUid("read-events");
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
