// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.write;

import io.dimstore.hbaseredis.internal.encoding.ChangeEncoder;
import io.dimstore.hbaseredis.internal.encoding.EncodedChange;
import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.encoding.RowState;
import io.dimstore.hbaseredis.internal.hbase.CorruptRows;
import io.dimstore.hbaseredis.internal.hbase.HBaseRows;
import io.dimstore.hbaseredis.internal.hbase.UnchangedRows;
import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.RowUpdates;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.support.ChangeValidator;
import io.dimstore.spi.support.Deadline;
import io.dimstore.spi.support.RetryTimer;
import io.dimstore.spi.support.RowUpdateLoop;
import io.dimstore.spi.support.RowUpdateLoop.Replacement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.hbase.client.Result;
import org.jspecify.annotations.Nullable;

/**
 * Updates rows: reads them from HBase, computes their next changes, and writes those to HBase and
 * Redis as {@link DualWrite} does, but to HBase only if the row is still as it was read.
 *
 * <p>A tombstone counts until a purge removes it, even if its retention is over: HBase would hide
 * an update of a lower version. Thread-safe.
 */
public final class RowUpdater {

  private final Layout layout;
  private final ChangeEncoder encoder;
  private final ChangeValidator validator;
  private final HBaseRows hbaseRows;
  private final UnchangedRows unchanged;
  private final DualWrite writes;
  private final RetryTimer retries;
  private final InstantSource clock;
  private final InstantSource deletedAt;
  private final Projection all;

  /**
   * Creates the updates of one table.
   *
   * @param encoder must give each state cell a random number, by which a row is recognized
   * @param clock decides whether a row has expired
   * @param deletedAt dates deletes
   */
  public RowUpdater(
      Layout layout,
      ChangeEncoder encoder,
      ChangeValidator validator,
      HBaseRows hbaseRows,
      DualWrite writes,
      RetryTimer retries,
      InstantSource clock,
      InstantSource deletedAt) {
    this.layout = layout;
    this.encoder = encoder;
    this.validator = validator;
    this.hbaseRows = hbaseRows;
    this.unchanged = new UnchangedRows(layout);
    this.writes = writes;
    this.retries = retries;
    this.clock = clock;
    this.deletedAt = deletedAt;
    this.all = Projection.all(layout.mappings().length);
  }

  /** Runs {@link RowUpdates#update}. */
  public CompletionStage<Void> update(List<Key> keys, RowUpdates.Update update, Deadline deadline) {
    return new RowUpdateLoop(new Rows(), validator, retries).run(keys, update, deadline);
  }

  /** The rows of one call. */
  private final class Rows implements RowUpdateLoop.Rows {

    /** Each row as it was last read. */
    private final Map<Key, Result> read = new ConcurrentHashMap<>();

    @Override
    public CompletionStage<List<@Nullable Change>> read(List<Key> keys, Deadline deadline) {
      return hbaseRows
          .read(rowKeys(keys))
          .thenApply(
              results -> {
                long now = clock.millis();
                CorruptRows corrupt = new CorruptRows();
                List<RowState> states = hbaseRows.decode(keys, results, all, now, corrupt);
                corrupt.requireNone();
                List<@Nullable Change> stored = new ArrayList<>(keys.size());
                for (int i = 0; i < keys.size(); i++) {
                  read.put(keys.get(i), results.get(i));
                  stored.add(change(keys.get(i), states.get(i), now));
                }
                return stored;
              });
    }

    @Override
    public CompletionStage<Set<Key>> replace(List<Replacement> replacements, Deadline deadline) {
      List<Change> changes = replacements.stream().map(Replacement::change).toList();
      List<EncodedChange> rows = encoder.prepare(changes, deletedAt.millis());
      ReplacedRows step = new ReplacedRows(layout, hbaseRows, unchanged, read, deadline);
      return writes.write(rows, step::bytes, step, deadline).thenApply(done -> step.changed());
    }
  }

  /**
   * Returns the row keys of keys whose values have the types of the key columns.
   *
   * @throws StoreException INVALID, naming the keys that HBase cannot hold
   */
  private List<byte[]> rowKeys(List<Key> keys) {
    List<byte[]> rowKeys = new ArrayList<>(keys.size());
    List<Key> refused = new ArrayList<>(0);
    for (Key key : keys) {
      byte[] rowKey = layout.keys().encode(key);
      if (rowKey == null) {
        refused.add(key);
      } else {
        rowKeys.add(rowKey);
      }
    }
    if (!refused.isEmpty()) {
      throw StoreException.invalid(
          "Key " + refused.get(0) + " cannot be a row key of HBase: it is empty or too long",
          refused);
    }
    return rowKeys;
  }

  private @Nullable Change change(Key key, RowState state, long now) {
    Change row = state.answer(key, all, now);
    if (row != null) {
      return row;
    }
    if (state instanceof RowState.Present expired) {
      return new Delete(key, expired.version());
    }
    return state instanceof RowState.Tombstone deleted ? new Delete(key, deleted.version()) : null;
  }
}
