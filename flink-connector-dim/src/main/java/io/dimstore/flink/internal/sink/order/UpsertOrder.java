// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.sink.order;

import io.dimstore.flink.internal.store.DimTable;
import io.dimstore.spi.Versions;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.table.data.RowData;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.Collector;

/**
 * Orders a changelog in which each key has at most one row, and an update may come without the row
 * that it replaces.
 *
 * <p>If several rows of a key are inserted without an update or delete between them, each keeps its
 * version. The store then keeps the newest of them.
 */
final class UpsertOrder extends ChangelogOrder {

  private static final long serialVersionUID = 1L;

  private transient RowVersions versions;
  private transient ValueState<Tuple2<Long, Integer>> seen;

  UpsertOrder(DimTable table, Plan plan) {
    super(table, plan);
  }

  @Override
  public void open(OpenContext context) {
    super.open(context);
    versions = RowVersions.of(table(), plan().versions(), plan().versionAt());
    seen = state(Types.TUPLE(Types.LONG, Types.INT));
  }

  @Override
  public void processElement(RowData row, Context context, Collector<RowData> out)
      throws Exception {
    Tuple2<Long, Integer> before = seen.value();
    long newest = before == null ? -1 : before.f0;
    boolean present = before != null && before.f1 > 0;
    Long version = versions.read(row);
    switch (row.getRowKind()) {
      case INSERT, UPDATE_AFTER -> {
        long own = valid(version);
        if (own == NO_VERSION) {
          emit(row, version, out);
          return;
        }
        boolean replaces = !present || row.getRowKind() == RowKind.UPDATE_AFTER;
        long given = replaces ? versionAbove(newest, own) : own;
        seen.update(Tuple2.of(Math.max(newest, given), 1));
        emit(row, given, out);
      }
      case UPDATE_BEFORE, DELETE -> {
        long given = version == null ? newest : Math.max(version, newest);
        if (Versions.isValid(given)) {
          seen.update(Tuple2.of(given, 0));
        }
        emit(row, version == null && newest < 0 ? null : Long.valueOf(given), out);
      }
    }
  }
}
