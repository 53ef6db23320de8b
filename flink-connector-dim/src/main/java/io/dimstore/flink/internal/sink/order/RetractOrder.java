// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.sink.order;

import io.dimstore.flink.internal.sink.deadletter.InvalidRowException;
import io.dimstore.flink.internal.store.DimTable;
import io.dimstore.spi.Versions;
import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
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
 * must not delete the row that is stored.
 *
 * <p>With dead letters, the job continues after the store has refused a row, and this operator does
 * not know of the refusal. Any row of a key may then be the one that is stored. So the rows are
 * listed, and their versions are such that the table ends with the newest row that was accepted. A
 * retraction fails the job if the store may have to return to an older row.
 */
final class RetractOrder extends ChangelogOrder {

  private static final long serialVersionUID = 2L;

  private static final String RETRACTS =
      "retracts one of several rows that have this primary key, ";

  private static final String REMEDY =
      "Remedy: SET 'table.exec.sink.upsert-materialize' = 'AUTO', or make the rows of the query"
          + " unique by the primary key.";

  private final boolean refusals;
  private transient @Nullable RowVersions versions;
  private transient ChangeKeys keys;
  private transient int[] values;
  private transient ValueState<long[]> state;

  RetractOrder(DimTable table, Plan plan) {
    super(table, plan);
    // By arrival, any retraction of one of several rows fails the job.
    this.refusals = plan.refusals() && plan.versions() != VersionRule.Source.ARRIVAL;
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
    state = state(PrimitiveArrayTypeInfo.LONG_PRIMITIVE_ARRAY_TYPE_INFO);
  }

  private boolean isVersionColumn(int position) {
    return Integer.valueOf(position).equals(table().versionColumn())
        || Integer.valueOf(position).equals(table().sink().deleteVersionColumn());
  }

  @Override
  void order(RowData row, Collector<RowData> out) throws IOException {
    RowsOfKey rows = RowsOfKey.of(state.value());
    Long given =
        switch (row.getRowKind()) {
          case INSERT, UPDATE_AFTER -> insert(row, rows);
          case UPDATE_BEFORE, DELETE -> retract(row, rows);
        };
    long[] after = rows.toState();
    if (after == null) {
      state.clear();
    } else {
      state.update(after);
    }
    emit(row, given, out);
  }

  /** Returns the version for the row. */
  private @Nullable Long insert(RowData row, RowsOfKey rows) throws IOException {
    Long read = versions == null ? Long.valueOf(0) : versions.read(row);
    long own = valid(read);
    if (own == NO_VERSION) {
      rows.addRefused(1);
      return read;
    }
    if (rows.isEmpty() || own >= rows.newestOwn()) {
      return orFail(row, rows.addNewest(own, refusals));
    }
    if (!refusals) {
      // The store supersedes this row, because it holds the newest one with a greater version.
      rows.addUnlisted();
      return own;
    }
    return orFail(row, rows.addOlder(own));
  }

  private long orFail(RowData row, long version) throws IOException {
    if (version == NO_VERSION) {
      throw failure(
          row,
          "inserts one of several rows that have this primary key, and no version is left between"
              + " those of the others. "
              + REMEDY);
    }
    return version;
  }

  /** Returns the version for the delete. */
  private @Nullable Long retract(RowData row, RowsOfKey rows) throws IOException {
    Long ownRead = versions == null ? Long.valueOf(0) : versions.own(row);
    long own = valid(ownRead);
    if (rows.refused() > 0 && own == NO_VERSION) {
      if (!rows.isEmpty() && !hasValues(row)) {
        throw failure(
            row,
            RETRACTS
                + "by the key alone, and one of these rows was refused, so that the retracted row is"
                + " not known. Remedy: remove rows without a valid version in the query.");
      }
      rows.addRefused(-1);
      return ownRead;
    }
    if (!rows.isEmpty() && own != NO_VERSION && own < rows.newestOwn()) {
      return retractOlder(row, own, rows);
    }
    if (rows.valid() > 1) {
      throw failure(row, RETRACTS + "and the row that is left is not known. " + REMEDY);
    }
    Long version = versions == null ? ownRead : versions.read(row);
    long greatest = rows.greatest();
    long given = version == null ? greatest : Math.max(version, greatest);
    if (Versions.isValid(given)) {
      rows.deleteAll(given);
    }
    return version == null && greatest == NO_VERSION ? null : Long.valueOf(given);
  }

  /** Retracts a row that is not the one that the store keeps unless it has refused newer ones. */
  private long retractOlder(RowData row, long own, RowsOfKey rows) throws IOException {
    int found = rows.find(own);
    if (found >= 0) {
      if (refusals && (found > 0 || rows.unlisted() > 0)) {
        throw failure(
            row,
            RETRACTS
                + "and an older one is left, which is stored nowhere if the store has refused the"
                + " newer ones. "
                + REMEDY);
      }
      return rows.delete(found);
    }
    if (found == RowsOfKey.SEVERAL || (rows.listed() > 1 && rows.unlisted() == 0)) {
      throw failure(row, RETRACTS + "and it is not known which of them. " + REMEDY);
    }
    // If this is the only row, the retracted one was forgotten when the state of the key expired.
    rows.deleteUnlisted(own);
    return own;
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
            + ": the changelog "
            + problem);
  }
}
