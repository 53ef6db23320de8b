// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.sink.order;

import io.dimstore.flink.internal.store.DimTable;
import io.dimstore.spi.Versions;
import java.io.IOException;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.table.data.RowData;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Orders a changelog in which each key has at most one row, and an update may come without the row
 * that it replaces. Each row replaces the one before it, whether it is an INSERT or an
 * UPDATE_AFTER.
 *
 * <p>The versions of a key never decrease. So the table ends with the last row that the writer and
 * the store accept, whichever rows they refuse.
 */
final class UpsertOrder extends ChangelogOrder {

  private static final long serialVersionUID = 2L;

  private transient RowVersions versions;
  private transient ValueState<Long> newest;

  UpsertOrder(DimTable table, Plan plan) {
    super(table, plan);
  }

  @Override
  public void open(OpenContext context) {
    super.open(context);
    versions = RowVersions.of(table(), plan().versions(), plan().versionAt());
    newest = state(Types.LONG);
  }

  @Override
  void order(RowData row, Collector<RowData> out) throws IOException {
    Long before = newest.value();
    Long version = versions.read(row);
    Long given = before == null ? version : given(row.getRowKind(), version, before);
    if (given != null && Versions.isValid(given) && !given.equals(before)) {
      newest.update(given);
    }
    emit(row, given, out);
  }

  private static @Nullable Long given(RowKind kind, @Nullable Long version, long newest) {
    return switch (kind) {
      case INSERT, UPDATE_AFTER ->
          valid(version) == NO_VERSION
              ? version
              : Long.valueOf(versionAbove(newest, valid(version)));
      case UPDATE_BEFORE, DELETE -> version == null ? newest : Math.max(version, newest);
    };
  }
}
