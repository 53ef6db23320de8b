// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.sink.order;

import io.dimstore.flink.internal.store.DimTable;
import io.dimstore.spi.Versions;
import java.io.Serializable;
import java.time.Duration;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.utils.JoinedRowData;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Assigns versions that increase in the order of an updating changelog. A store that keeps the
 * newest version of a key therefore ends with the row with which the changelog ends.
 *
 * <p>A row that replaces a row with a newer version, for example because the newer row was
 * retracted, gets the version after the newer one. The newest version of each key is kept in
 * Flink's state.
 */
public abstract sealed class ChangelogOrder extends KeyedProcessFunction<String, RowData, RowData>
    permits UpsertOrder, RetractOrder {

  private static final long serialVersionUID = 2L;

  /** Stands for a version that is missing or invalid; it is below every valid one. */
  static final long NO_VERSION = -1;

  private final DimTable table;
  private final Plan plan;
  private transient JoinedRowData joined;

  ChangelogOrder(DimTable table, Plan plan) {
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
   * @param refusals whether the job continues after the writer or the store has refused a row
   * @param stateTtl how long the state of an idle key is kept; zero means forever
   * @param output the type of the rows with the version appended, or of the unchanged rows if
   *     versions are assigned by arrival
   */
  public record Plan(
      VersionRule.Source versions,
      int versionAt,
      boolean everyRow,
      boolean refusals,
      Duration stateTtl,
      TypeInformation<RowData> output)
      implements Serializable {}

  /**
   * Returns the changelog with the assigned version in an additional column. If versions are
   * assigned by arrival, there is no additional column.
   */
  public static DataStream<RowData> apply(
      DataStream<RowData> changelog, DimTable table, Plan plan) {
    return changelog
        .keyBy(new ChangeKeys(table.layout()), Types.STRING)
        .process(of(table, plan), plan.output())
        .name("changelog order of " + table.layout().table());
  }

  /** Returns the function that {@link #apply} applies to the rows of each key. */
  public static ChangelogOrder of(DimTable table, Plan plan) {
    return plan.everyRow() ? new RetractOrder(table, plan) : new UpsertOrder(table, plan);
  }

  @Override
  public void open(OpenContext context) {
    joined = new JoinedRowData();
  }

  @Override
  public final void processElement(RowData row, Context context, Collector<RowData> out)
      throws Exception {
    if (context.getCurrentKey().isEmpty()) {
      // Rows without a key are not rows of one key. The writer refuses each of them.
      emit(row, null, out);
    } else {
      order(row, out);
    }
  }

  /** Emits a row of the current key with its version. */
  abstract void order(RowData row, Collector<RowData> out) throws Exception;

  final DimTable table() {
    return table;
  }

  final Plan plan() {
    return plan;
  }

  /** Returns the state of each key, which expires as the plan says. */
  final <T> ValueState<T> state(TypeInformation<T> type) {
    ValueStateDescriptor<T> descriptor =
        new ValueStateDescriptor<>("newest-version-and-rows", type);
    if (!plan.stateTtl().isZero()) {
      descriptor.enableTimeToLive(StateTtlConfig.newBuilder(plan.stateTtl()).build());
    }
    return getRuntimeContext().getState(descriptor);
  }

  /** Returns the version for a row after the one with the newest version of its key. */
  static long versionAbove(long newest, long version) {
    return version < newest ? Math.min(newest + 1, Versions.MAX) : version;
  }

  /** Returns the version, or {@link #NO_VERSION} if it is null or invalid. */
  static long valid(@Nullable Long version) {
    return version != null && Versions.isValid(version) ? version : NO_VERSION;
  }

  /** Emits a row with a version. The writer refuses a row whose version is invalid. */
  final void emit(RowData row, @Nullable Long version, Collector<RowData> out) {
    if (plan.versions() == VersionRule.Source.ARRIVAL) {
      out.collect(row);
      return;
    }
    joined.replace(row, GenericRowData.of(version));
    joined.setRowKind(row.getRowKind());
    out.collect(joined);
  }
}
