// SPDX-License-Identifier: Apache-2.0
package io.dimstore.memory;

import io.dimstore.spi.BoundedScans;
import io.dimstore.spi.Change;
import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.Column;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.FeedPage;
import io.dimstore.spi.FeedPosition;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.RowUpdates;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreMetrics.Operation;
import io.dimstore.spi.StoredChanges;
import io.dimstore.spi.TableSpec;
import io.dimstore.spi.support.CallResult;
import io.dimstore.spi.support.ChangeValidator;
import io.dimstore.spi.support.DirectCalls;
import io.dimstore.spi.support.KeyRange;
import io.dimstore.spi.support.NewestPerKey;
import io.dimstore.spi.support.RowUpdateLoop;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A handle on a table. Each call looks up the table's data again. */
final class MemoryTable
    implements DimensionTable, ChangeFeed, StoredChanges, RowUpdates, BoundedScans {

  private final TableSpec spec;
  private final List<Column> values;
  private final ChangeValidator validator;
  private final Supplier<TableData> tables;
  private final DirectCalls calls;
  private final StoreMetrics metrics;
  private final long retentionMillis;
  private volatile @Nullable Known known;

  MemoryTable(
      TableSpec spec,
      Supplier<TableData> tables,
      DirectCalls calls,
      StoreMetrics metrics,
      long retentionMillis) {
    this.spec = spec;
    this.values = spec.values();
    this.validator = new ChangeValidator(spec);
    this.tables = tables;
    this.calls = calls;
    this.metrics = metrics;
    this.retentionMillis = retentionMillis;
  }

  @Override
  public CompletionStage<List<@Nullable Put>> get(List<Key> keys, Projection columns) {
    return calls.call(Operation.GET, keys.size(), now -> read(keys, columns, now));
  }

  @Override
  public CompletionStage<List<@Nullable Change>> stored(List<Key> keys) {
    return calls.call(
        Operation.GET,
        keys.size(),
        now -> {
          TableData data = tables.get();
          RowConversion conversion = conversion(data, spec.all());
          List<@Nullable Change> answer = new ArrayList<>(keys.size());
          List<Key> unreadable = new ArrayList<>(0);
          for (Key key : keys) {
            answer.add(stored(data.newest(key, now), conversion, now, unreadable));
          }
          requireReadable(unreadable);
          return new CallResult<>(answer, keys.size());
        });
  }

  private static @Nullable Change stored(
      @Nullable Change newest, RowConversion conversion, long now, List<Key> unreadable) {
    if (!(newest instanceof Put put)) {
      return newest;
    }
    if (put.isExpiredAt(now)) {
      return new Delete(put.key(), put.version());
    }
    Put row = conversion.read(put);
    if (row == null) {
      unreadable.add(put.key());
    }
    return row;
  }

  @Override
  public CompletionStage<Void> update(List<Key> keys, Update update) {
    return calls.call(
        Operation.WRITE,
        keys.size(),
        now -> {
          TableData data = tables.get();
          data.requireLayoutOf(spec);
          RowConversion conversion = conversion(data, spec.all());
          for (Key key : new LinkedHashSet<>(keys)) {
            data.update(
                key,
                newest -> {
                  List<Key> unreadable = new ArrayList<>(0);
                  Change stored = stored(newest, conversion, now, unreadable);
                  requireReadable(unreadable);
                  return RowUpdateLoop.next(key, stored, update, validator);
                },
                now,
                retentionMillis);
          }
          data.sweepAfter(keys.size(), now);
          return new CallResult<@Nullable Void>(null, keys.size());
        });
  }

  @Override
  public CompletionStage<Void> write(List<Change> changes) {
    return calls.call(Operation.WRITE, changes.size(), now -> apply(changes, now));
  }

  @Override
  public CompletionStage<List<ScanSplit>> splits(int desired, ScanOptions options) {
    return calls.call(
        Operation.SCAN,
        1,
        now -> new CallResult<>(Scan.divide(spec, tables.get(), desired, options), 0));
  }

  @Override
  public boolean isBounded(ScanOptions options) {
    return true;
  }

  @Override
  public CompletionStage<ScanPage> scan(ScanSplit split, int maxEntries) {
    return calls.call(
        Operation.SCAN,
        1,
        now -> {
          KeyRange range = KeyRange.parse(MemoryStoreFactory.ID, spec, split);
          ScanPage page = Scan.read(range, values, tables.get(), maxEntries, now);
          return new CallResult<>(page, page.changes().size());
        });
  }

  @Override
  public CompletionStage<List<FeedPosition>> follow(Start start) {
    return calls.call(
        Operation.SCAN, 1, now -> new CallResult<>(log(tables.get()).follow(spec, start), 0));
  }

  @Override
  public CompletionStage<FeedPage> poll(FeedPosition position, int maxChanges) {
    return calls.call(
        Operation.SCAN,
        1,
        now -> {
          TableData data = tables.get();
          RowConversion all = conversion(data, spec.all());
          FeedPage page = log(data).poll(spec, all, position, maxChanges);
          return new CallResult<>(page, page.changes().size());
        });
  }

  private ChangeLog log(TableData data) {
    ChangeLog log = data.log();
    if (log == null) {
      throw new StoreException(StoreException.Kind.NO_TABLE, notFollowed(spec));
    }
    return log;
  }

  static String notFollowed(TableSpec spec) {
    return "Table '"
        + spec.name()
        + "' of store 'memory' keeps no changes: create it with 'change-feed' = 'true'.";
  }

  private CallResult<List<@Nullable Put>> read(List<Key> keys, Projection columns, long now) {
    TableData data = tables.get();
    RowConversion conversion = conversion(data, columns);
    if (keys.size() == 1) {
      List<Key> unreadable = new ArrayList<>(0);
      Put row = read(data, keys.get(0), conversion, now, unreadable);
      requireReadable(unreadable);
      return new CallResult<>(Collections.singletonList(row), 1);
    }
    // A key that was requested twice is read once, so that both results are equal (R1).
    Map<Key, @Nullable Put> found = new HashMap<>(keys.size() * 2);
    List<@Nullable Put> answer = new ArrayList<>(keys.size());
    List<Key> unreadable = new ArrayList<>(0);
    for (Key key : keys) {
      if (!found.containsKey(key)) {
        found.put(key, read(data, key, conversion, now, unreadable));
      }
      answer.add(found.get(key));
    }
    requireReadable(unreadable);
    return new CallResult<>(answer, found.size());
  }

  /**
   * Returns the conversion for these columns. The last conversion is cached, because lookups
   * request the same columns repeatedly.
   */
  private RowConversion conversion(TableData data, Projection columns) {
    Known held = known;
    if (held != null && held.data == data && held.columns.equals(columns)) {
      return held.conversion;
    }
    RowConversion conversion = RowConversion.of(data.values(), values, columns);
    known = new Known(data, columns, conversion);
    return conversion;
  }

  private static @Nullable Put read(
      TableData data, Key key, RowConversion conversion, long now, List<Key> unreadable) {
    if (!(data.newest(key, now) instanceof Put put) || put.isExpiredAt(now)) {
      return null;
    }
    Put row = conversion.read(put);
    if (row == null) {
      unreadable.add(key);
    }
    return row;
  }

  private void requireReadable(List<Key> unreadable) {
    if (!unreadable.isEmpty()) {
      throw RowConversion.corrupt(spec.name(), unreadable);
    }
  }

  private CallResult<@Nullable Void> apply(List<Change> changes, long now) {
    validator.checkAll(changes);
    TableData data = tables.get();
    data.requireLayoutOf(spec);
    List<Change> newest = NewestPerKey.of(changes);
    int superseded = 0;
    for (Change change : newest) {
      superseded += data.apply(change, now, retentionMillis) ? 0 : 1;
    }
    if (superseded > 0) {
      metrics.count("superseded", superseded);
    }
    data.sweepAfter(newest.size(), now);
    return new CallResult<>(null, newest.size());
  }

  /** The conversion of the last read, with the data and the columns that it belongs to. */
  private record Known(TableData data, Projection columns, RowConversion conversion) {}
}
