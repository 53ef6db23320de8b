// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.sink;

import io.dimstore.flink.store.DimTable;
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
 * Assigns versions that increase in the order of an updating changelog. A store that keeps the
 * newest version of a key therefore ends with the row with which the changelog ends.
 *
 * <p>A row that replaces a row with a newer version, for example because the newer row was
 * retracted, gets the version after the newer one. The newest version of each key is kept in
 * Flink's state.
 *
 * <p>If several rows of a key follow each other without an update or delete between them, each
 * keeps its version. The store then keeps the newest of them.
 */
public final class ChangelogOrder extends KeyedProcessFunction<String, RowData, RowData> {

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
   * The properties of the changelog that are known when the query is planned.
   *
   * @param versions the source of the changelog's versions
   * @param versionAt position of the version's metadata column, if that is the source
   * @param everyRow whether each update comes with the row that it replaces, so that the rows of a
   *     key can be distinguished
   * @param stateTtl how long the state of an idle key is kept; zero means forever
   * @param output the type of the rows with the version appended, or of the unchanged rows if
   *     versions are assigned by arrival
   */
  public record Plan(
      VersionRule.Source versions,
      int versionAt,
      boolean everyRow,
      Duration stateTtl,
      TypeInformation<RowData> output)
      implements Serializable {}

  /**
   * Returns the changelog with the assigned version in an additional column. If versions are
   * assigned by arrival, there is no additional column.
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
          // The writer refuses this row.
          emit(row, version, out);
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
          retractOneOf(row, version, newest);
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

  /**
   * Handles the retraction of one of several rows of a key. The store holds the newest of them, so
   * the retraction of an older row needs no change. Fails the job if the retracted row may be the
   * newest.
   */
  private void retractOneOf(RowData row, @Nullable Long version, long newest) throws IOException {
    if (versions != null && version != null && version < newest) {
      return;
    }
    throw new InvalidRowException(
        DimSinkWriter.doing(table)
            + " failed: key "
            + keys.describe(row)
            + ": the changelog retracts one of several rows that have this primary key, and the row"
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
