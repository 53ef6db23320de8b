// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.sink.order;

import io.dimstore.flink.internal.sink.deadletter.InvalidRowException;
import io.dimstore.flink.internal.store.DimTable;
import io.dimstore.spi.Versions;
import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple4;
import org.apache.flink.table.data.RowData;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Orders a changelog in which several rows may have the same key, and each update comes with the
 * row that it replaces.
 *
 * <p>Of the rows of a key, the store keeps the one whose own version is the newest. A row may be
 * stored with a greater version than its own, so rows are compared by their own versions. Rows that
 * the writer refuses, because they have no valid version, are counted separately: their retraction
 * must not delete the row that is stored. A row that the store itself refuses counts as stored:
 * this operator does not know of the refusal.
 */
final class RetractOrder extends ChangelogOrder {

  private static final long serialVersionUID = 1L;

  private transient @Nullable RowVersions versions;
  private transient ChangeKeys keys;
  private transient int[] values;
  private transient ValueState<Tuple4<Long, Integer, Long, Integer>> state;

  RetractOrder(DimTable table, Plan plan) {
    super(table, plan);
  }

  /**
   * The rows of a key.
   *
   * @param newest the newest version that was assigned, or -1
   * @param valid the number of rows with a valid version
   * @param kept the own version of the row that the store keeps, if there is a valid row
   * @param refused the number of rows without a valid version
   */
  private record Rows(long newest, int valid, long kept, int refused) {

    static final Rows NONE = new Rows(-1, 0, -1, 0);

    Rows withValid(int count) {
      return new Rows(newest, count, kept, refused);
    }

    Rows withRefused(int count) {
      return new Rows(newest, valid, kept, count);
    }
  }

  @Override
  public void open(OpenContext context) {
    super.open(context);
    versions =
        plan().versions() == VersionRule.Source.ARRIVAL
            ? null
            : RowVersions.of(table(), plan().versions(), plan().versionAt());
    keys = new ChangeKeys(table().layout());
    values = Arrays.stream(table().layout().values()).filter(at -> !isVersionColumn(at)).toArray();
    state = state(Types.TUPLE(Types.LONG, Types.INT, Types.LONG, Types.INT));
  }

  private boolean isVersionColumn(int position) {
    return Integer.valueOf(position).equals(table().versionColumn())
        || Integer.valueOf(position).equals(table().sink().deleteVersionColumn());
  }

  @Override
  public void processElement(RowData row, Context context, Collector<RowData> out)
      throws Exception {
    Tuple4<Long, Integer, Long, Integer> stored = state.value();
    Rows rows = stored == null ? Rows.NONE : new Rows(stored.f0, stored.f1, stored.f2, stored.f3);
    switch (row.getRowKind()) {
      case INSERT, UPDATE_AFTER -> insert(row, rows, out);
      case UPDATE_BEFORE, DELETE -> retract(row, rows, out);
    }
  }

  private void insert(RowData row, Rows rows, Collector<RowData> out) throws IOException {
    Long read = versions == null ? Long.valueOf(0) : versions.read(row);
    long version = valid(read);
    if (version == NO_VERSION) {
      keep(rows.withRefused(rows.refused() + 1));
      emit(row, read, out);
    } else if (rows.valid() > 0 && version < rows.kept()) {
      // The store supersedes this row, because it holds the other row with a greater version.
      keep(rows.withValid(rows.valid() + 1));
      emit(row, version, out);
    } else {
      long given = versionAbove(rows.newest(), version);
      keep(new Rows(given, rows.valid() + 1, version, rows.refused()));
      emit(row, given, out);
    }
  }

  private void retract(RowData row, Rows rows, Collector<RowData> out) throws IOException {
    Long ownRead = versions == null ? Long.valueOf(0) : versions.own(row);
    long own = valid(ownRead);
    if (rows.refused() > 0 && own == NO_VERSION) {
      if (rows.valid() > 0 && !hasValues(row)) {
        throw failure(
            row,
            "by the key alone, and one of these rows was refused, so that the retracted row is not"
                + " known. Remedy: remove rows without a valid version in the query.");
      }
      keep(rows.withRefused(rows.refused() - 1));
      emit(row, ownRead, out);
      return;
    }
    if (rows.valid() > 0 && own != NO_VERSION && own < rows.kept()) {
      // The retracted row is not the one that the store keeps. Its delete has its own version: the
      // store supersedes it, unless it has refused the newer row. If this is the only row, the
      // retracted one was forgotten when the state of the key expired.
      keep(rows.withValid(Math.max(1, rows.valid() - 1)));
      emit(row, own, out);
      return;
    }
    if (rows.valid() > 1) {
      throw failure(
          row,
          "and the row that is left is not known. Remedy: SET"
              + " 'table.exec.sink.upsert-materialize' = 'AUTO', or make the rows of the query"
              + " unique by the primary key.");
    }
    Long version = versions == null ? ownRead : versions.read(row);
    long given = version == null ? rows.newest() : Math.max(version, rows.newest());
    if (Versions.isValid(given)) {
      keep(new Rows(given, 0, -1, rows.refused()));
    }
    emit(row, version == null && rows.newest() < 0 ? null : Long.valueOf(given), out);
  }

  private void keep(Rows rows) throws IOException {
    if (rows.equals(Rows.NONE)) {
      state.clear();
    } else {
      state.update(Tuple4.of(rows.newest(), rows.valid(), rows.kept(), rows.refused()));
    }
  }

  /** Returns whether a row has more than its key and versions, as a retracted row usually has. */
  private boolean hasValues(RowData row) {
    return Arrays.stream(values).anyMatch(at -> !row.isNullAt(at));
  }

  private InvalidRowException failure(RowData row, String problem) {
    return new InvalidRowException(
        table().describeWriting()
            + " failed: key "
            + keys.describe(row)
            + ": the changelog retracts one of several rows that have this primary key, "
            + problem);
  }
}
