package io.dimstore.flink;

import io.dimstore.spi.Versions;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.utils.JoinedRowData;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Gives the rows of an updating changelog versions that rise in its order, so that a store in which
 * the newest version stands ends at the row that the changelog ends at. A row that takes the place
 * of a newer one, as when that one is withdrawn, gets the version after it. Keeps the newest
 * version of each key in Flink's state.
 *
 * <p>A row that another row of its key preceded, without an update or delete between them, keeps
 * its version: of such rows the newest stands.
 */
final class ChangelogOrder extends KeyedProcessFunction<String, RowData, RowData> {

  private static final long serialVersionUID = 1L;

  private final DimTable table;
  private final Plan plan;
  private transient @Nullable RowVersions versions;
  private transient ChangeKeys keys;
  private transient ValueState<Tuple2<Long, Integer>> seen;
  private transient JoinedRowData joined;

  private ChangelogOrder(DimTable table, Plan plan) {
    this.table = table;
    this.plan = plan;
  }

  /**
   * What is known of the changelog when the query is planned.
   *
   * @param versions where its versions come from
   * @param versionAt position of the version's metadata column, if that is the source
   * @param everyRow whether the rows of a key are told apart: each update comes with the row before
   * @param stateTtl how long an idle key is remembered; zero for ever
   * @param output the rows with a version behind them, or the rows as they are for arrival
   */
  record Plan(
      VersionRule.Source versions,
      int versionAt,
      boolean everyRow,
      Duration stateTtl,
      TypeInformation<RowData> output)
      implements Serializable {}

  /**
   * The changelog with such versions in a further column; without it where versions are arrival's.
   */
  static DataStream<RowData> apply(DataStream<RowData> changelog, DimTable table, Plan plan) {
    return changelog
        .keyBy(new ChangeKeys(table.layout()), Types.STRING)
        .process(new ChangelogOrder(table, plan), plan.output())
        .name("changelog order of " + table.layout().table());
  }

  @Override
  public void open(OpenContext context) {
    versions =
        plan.versions() == VersionRule.Source.ARRIVAL
            ? null
            : RowVersions.of(table, plan.versions(), plan.versionAt());
    keys = new ChangeKeys(table.layout());
    joined = new JoinedRowData();
    ValueStateDescriptor<Tuple2<Long, Integer>> descriptor =
        new ValueStateDescriptor<>("newest-version-and-rows", Types.TUPLE(Types.LONG, Types.INT));
    if (!plan.stateTtl().isZero()) {
      descriptor.enableTimeToLive(StateTtlConfig.newBuilder(plan.stateTtl()).build());
    }
    seen = getRuntimeContext().getState(descriptor);
  }

  @Override
  public void processElement(RowData row, Context context, Collector<RowData> out)
      throws Exception {
    Tuple2<Long, Integer> before = seen.value();
    long newest = before == null ? -1 : before.f0;
    int rows = before == null ? 0 : before.f1;
    Long version = versions == null ? Long.valueOf(0) : versions.read(row);
    switch (row.getRowKind()) {
      case INSERT, UPDATE_AFTER -> {
        if (version == null || !Versions.isValid(version)) {
          emit(row, version, out); // the writer refuses it
          return;
        }
        boolean replaces =
            rows == 0 || (!plan.everyRow() && row.getRowKind() == RowKind.UPDATE_AFTER);
        long given = replaces && version < newest ? Math.min(newest + 1, Versions.MAX) : version;
        seen.update(Tuple2.of(Math.max(newest, given), plan.everyRow() ? rows + 1 : 1));
        emit(row, given, out);
      }
      case UPDATE_BEFORE, DELETE -> {
        if (rows > 1) {
          withdrawOneOf(row, version, newest);
          seen.update(Tuple2.of(newest, rows - 1));
          return;
        }
        long given = version == null ? newest : Math.max(version, newest);
        if (Versions.isValid(given)) {
          seen.update(Tuple2.of(given, 0));
        }
        emit(row, version == null && newest < 0 ? null : Long.valueOf(given), out);
      }
    }
  }

  /** The newest row of a key is the one in the store; that another one goes changes nothing. */
  private void withdrawOneOf(RowData row, @Nullable Long version, long newest) throws IOException {
    if (versions != null && version != null && version < newest) {
      return;
    }
    throw new InvalidRowException(
        DimSinkWriter.doing(table)
            + " failed: key "
            + keys.describe(row)
            + ": the changelog withdraws one of several rows that have this primary key, and the row"
            + " that is left is not known. Remedy: SET 'table.exec.sink.upsert-materialize' ="
            + " 'AUTO', or make the rows of the query unique by the primary key.");
  }

  private void emit(RowData row, @Nullable Long version, Collector<RowData> out) {
    if (versions == null) {
      out.collect(row);
      return;
    }
    joined.replace(row, GenericRowData.of(version));
    joined.setRowKind(row.getRowKind());
    out.collect(joined);
  }
}
