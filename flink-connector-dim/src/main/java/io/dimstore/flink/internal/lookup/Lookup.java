// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.lookup;

import io.dimstore.flink.internal.cache.CacheEntry;
import io.dimstore.flink.internal.cache.TableCache;
import io.dimstore.flink.internal.row.RowDataToValueConverter;
import io.dimstore.flink.internal.row.RowProducer;
import io.dimstore.flink.internal.row.TableLayout;
import io.dimstore.flink.internal.store.DimTable;
import io.dimstore.flink.internal.store.LookupBatcher;
import io.dimstore.flink.internal.store.ReportedFailures;
import io.dimstore.flink.internal.store.SharedStore;
import io.dimstore.flink.internal.store.StoreUnloading;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.SharedBudget;
import io.dimstore.spi.StoreException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.LogicalType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Converts the key rows of one subtask to keys, or to the values of their first columns, and looks
 * up the rows in the store. Thread-safe.
 */
final class Lookup implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Lookup.class);

  private final String doing;
  private final SharedStore.Lease lease;
  private final LookupBatcher batcher;
  private final @Nullable TableCache cache;
  private final @Nullable PrefixReader prefixes;
  private final RowDataToValueConverter.Fields keyFields;
  private final RowProducer producer;
  private final RowData.FieldGetter[] askedGetters;
  private final RowData.FieldGetter[] foundGetters;
  private final SqlEquality[] equalities;
  private final LookupMeter meter;

  private Lookup(LookupPlan plan, SharedStore.Lease lease, MetricGroup group) throws IOException {
    TableLayout layout = plan.table().layout();
    this.doing = "Lookup in " + plan.table().describe();
    this.lease = lease;
    boolean cached = plan.table().lookup().cache() != null && !plan.isPrefix();
    this.producer =
        cached
            ? RowProducer.ofWholeRows(layout, plan.produced())
            : new RowProducer(layout, plan.produced());
    this.batcher = lease.batcher(plan.table(), producer.projection());
    this.cache = cached ? lease.cache(plan.table()) : null;
    this.prefixes =
        plan.isPrefix() ? new PrefixReader(plan.table(), producer.projection(), lease) : null;
    int given = plan.keyFields().size();
    this.keyFields =
        new RowDataToValueConverter.Fields(
            layout.typesAt(Arrays.copyOf(layout.keyPositions(), given)),
            plan.keyFields().stream().mapToInt(Integer::intValue).toArray());
    int[] compared = plan.compared();
    this.askedGetters = new RowData.FieldGetter[compared.length];
    this.foundGetters = new RowData.FieldGetter[compared.length];
    this.equalities = new SqlEquality[compared.length];
    for (int i = 0; i < compared.length; i++) {
      int position = plan.asked().get(compared[i]);
      LogicalType type = plan.produced().type(layout, position).copy(true);
      askedGetters[i] = RowData.createFieldGetter(type, compared[i]);
      foundGetters[i] = RowData.createFieldGetter(type, position);
      equalities[i] = SqlEquality.of(type);
    }
    this.meter = new LookupMeter(plan.table(), group);
  }

  /** Opens the store and checks that the table exists. */
  static Lookup open(LookupPlan plan, LookupTask task, MetricGroup group) throws IOException {
    StoreUnloading.register(task::onRelease);
    int parallelism = task.parallelism();
    SharedStore.Lease lease = SharedStore.lease(plan.table().store(), group);
    try {
      lease.prepare(plan.table(), false);
      lease.takePart(plan.table(), SharedBudget.Use.READ, parallelism);
      if (plan.table().lookup().insertIfAbsent()) {
        lease.takePart(plan.table(), SharedBudget.Use.WRITE, parallelism);
      }
      return new Lookup(plan, lease, group);
    } catch (Throwable e) {
      lease.close();
      throw e;
    }
  }

  /**
   * Logs a warning if Flink's limit of lookups in flight keeps batches from becoming full. It is
   * logged once for each job and table while the process has the store open.
   */
  void warnOfCapacity(LookupPlan plan, String job) {
    String table = plan.table().describe();
    DimTable.LookupSettings settings = plan.table().lookup();
    String warning = plan.capacity().warning(table, settings.batchSize(), settings.maxInFlight());
    if (warning != null && lease.isFirst(job + ' ' + table + ' ' + warning)) {
      LOG.warn(warning);
    }
  }

  /** Returns the threads on which a caller may sleep before it repeats a lookup. */
  Executor waiters() {
    return lease.threads().waiters();
  }

  /**
   * Looks up the row of a key, or the rows whose key begins with given values, and completes the
   * answer with them. The key row is not used after the call. Every failure, of whatever class, is
   * passed to the answer as an {@link IOException}. This method throws none.
   *
   * @param missedNanos when this lookup found no row before, by {@link System#nanoTime}, or null if
   *     it is not repeated. The cache then answers only with what was true after that time
   */
  void find(RowData keyRow, @Nullable Long missedNanos, LookupAnswer answer) {
    try {
      Object[] values = values(keyRow);
      if (values == null) {
        answer.complete(List.of());
        return;
      }
      @Nullable Object[] asked = new @Nullable Object[askedGetters.length];
      for (int i = 0; i < asked.length; i++) {
        asked[i] = askedGetters[i].getFieldOrNull(keyRow);
      }
      Key key = Key.of(values);
      long began = meter.begin();
      if (prefixes != null) {
        prefixes
            .read(key)
            .whenComplete(
                (puts, failure) -> {
                  meter.end(began, failure == null || isClosed(failure));
                  end(key, puts, failure, asked, answer);
                });
        return;
      }
      long within = missedNanos == null ? Long.MAX_VALUE : began - missedNanos;
      CacheEntry held = cache == null ? null : cache.find(key, began, within, meter);
      if (held != null) {
        meter.end(began, true);
        complete(key, held.row(), asked, answer);
        return;
      }
      (cache == null ? batcher.get(key) : cache.load(key, began, within))
          .whenComplete(
              (put, failure) -> {
                meter.end(began, failure == null || isClosed(failure));
                if (failure == null) {
                  complete(key, put, asked, answer);
                } else {
                  answer.fail(ReportedFailures.of(doing, failure));
                }
              });
    } catch (Throwable e) {
      answer.fail(ReportedFailures.of(doing, e));
    }
  }

  /** Returns whether a lookup has no answer because its task ended. */
  private static boolean isClosed(Throwable failure) {
    StoreException known = StoreException.find(failure);
    return known != null && known.kind() == StoreException.Kind.CLOSED;
  }

  /** Completes an answer with the rows, unless the lookup failed. */
  private void end(
      Key key,
      @Nullable List<Put> puts,
      @Nullable Throwable failure,
      @Nullable Object[] asked,
      LookupAnswer answer) {
    if (failure != null) {
      answer.fail(ReportedFailures.of(doing, failure));
      return;
    }
    List<RowData> rows;
    try {
      rows = new ArrayList<>();
      for (Put put : puts == null ? List.<Put>of() : puts) {
        RowData row = rowIfAsked(put, asked);
        if (row != null) {
          rows.add(row);
        }
      }
    } catch (Throwable e) {
      answer.fail(ReportedFailures.of(doing + ", key " + key, e));
      return;
    }
    if (!rows.isEmpty()) {
      meter.found();
    }
    answer.complete(rows);
  }

  /** Completes an answer with a row, or with none. */
  private void complete(Key key, @Nullable Put put, @Nullable Object[] asked, LookupAnswer answer) {
    RowData row;
    try {
      row = put == null ? null : rowIfAsked(put, asked);
    } catch (Throwable e) {
      answer.fail(ReportedFailures.of(doing + ", key " + key, e));
      return;
    }
    if (row == null) {
      answer.complete(List.of());
      return;
    }
    meter.found();
    answer.complete(List.of(row));
  }

  /** Returns a new row for the join, or null if the join asks for other values of its columns. */
  private @Nullable RowData rowIfAsked(Put put, @Nullable Object[] asked) {
    RowData row = producer.produce(put);
    return isAsked(row, asked) ? row : null;
  }

  /** Returns whether the columns that are not in the key have the values that the join gives. */
  private boolean isAsked(RowData row, @Nullable Object[] asked) {
    for (int i = 0; i < asked.length; i++) {
      if (!equalities[i].testNullable(asked[i], foundGetters[i].getFieldOrNull(row))) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns the values of the given key columns, or null if one is null or is not a valid value of
   * its column.
   */
  private Object @Nullable [] values(RowData keyRow) {
    Object[] values = new Object[keyFields.size()];
    for (int i = 0; i < values.length; i++) {
      Object value;
      try {
        value = keyFields.get(keyRow, i);
      } catch (ArithmeticException e) {
        return null;
      }
      if (value == null) {
        return null;
      }
      values[i] = value;
    }
    return values;
  }

  @Override
  public void close() {
    lease.close();
  }
}
