// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.write;

import io.dimstore.hbaseredis.internal.common.Failures;
import io.dimstore.hbaseredis.internal.encoding.EncodedChange;
import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.encoding.StateCell;
import io.dimstore.hbaseredis.internal.hbase.HBaseRows;
import io.dimstore.hbaseredis.internal.hbase.HBaseRows.Outcome;
import io.dimstore.hbaseredis.internal.hbase.UnchangedRows;
import io.dimstore.spi.Key;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.support.Deadline;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.hbase.Cell;
import org.apache.hadoop.hbase.CellUtil;
import org.apache.hadoop.hbase.client.CheckAndMutate;
import org.apache.hadoop.hbase.client.Delete;
import org.apache.hadoop.hbase.client.Result;
import org.jspecify.annotations.Nullable;

/**
 * Applies rows to HBase that are still as they were read, and records which were not. Serves one
 * attempt to replace these rows. No row is sent again once HBase has answered for it.
 *
 * <p>The HBase client repeats a request that was not answered. If the first attempt was applied,
 * the second one finds a changed row. So the state cell of each refused row is read: it is this
 * row's own, which no other write can have, if the first attempt was applied.
 */
final class ReplacedRows implements DualWrite.HBaseStep {

  private final Layout layout;
  private final HBaseRows hbaseRows;
  private final UnchangedRows unchanged;
  private final Map<Key, Result> read;
  private final Deadline deadline;

  /** Whether HBase has applied a row, for each row for which it has answered. */
  private final Map<Key, Boolean> answered = new ConcurrentHashMap<>();

  /**
   * Creates the step.
   *
   * @param read each row as it was read
   * @param deadline nothing is sent after it
   */
  ReplacedRows(
      Layout layout,
      HBaseRows hbaseRows,
      UnchangedRows unchanged,
      Map<Key, Result> read,
      Deadline deadline) {
    this.layout = layout;
    this.hbaseRows = hbaseRows;
    this.unchanged = unchanged;
    this.read = read;
    this.deadline = deadline;
  }

  /** Returns the size of a row's mutation and condition. */
  long bytes(EncodedChange row) {
    return row.bytes() + unchanged.bytes(read(row));
  }

  /** Returns the keys of the rows that others had changed. */
  Set<Key> changed() {
    Set<Key> changed = new HashSet<>();
    answered.forEach(
        (key, applied) -> {
          if (!applied) {
            changed.add(key);
          }
        });
    return changed;
  }

  @Override
  public CompletableFuture<OversizedRows> apply(List<EncodedChange> rows) {
    return OversizedRows.isolate(rows, this::send)
        .thenCompose(
            oversized ->
                hbaseRows
                    .sendDeleteMarkers(markers(applied(oversized.writtenOf(rows))))
                    .thenApply(done -> oversized));
  }

  @Override
  public List<EncodedChange> applied(List<EncodedChange> rows) {
    return rows.stream().filter(row -> answered.getOrDefault(row.change().key(), false)).toList();
  }

  private List<Delete> markers(List<EncodedChange> applied) {
    return applied.stream().flatMap(row -> row.markers(layout).stream()).toList();
  }

  private CompletableFuture<Void> send(List<EncodedChange> rows) {
    List<EncodedChange> sent =
        rows.stream().filter(row -> !answered.containsKey(row.change().key())).toList();
    if (sent.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    if (deadline.isOver()) {
      return CompletableFuture.failedFuture(DualWrite.late());
    }
    List<CheckAndMutate> steps =
        sent.stream().map(row -> unchanged.step(read(row), row.state())).toList();
    return hbaseRows.tryIf(steps).thenCompose(outcomes -> record(sent, outcomes));
  }

  private CompletableFuture<Void> record(List<EncodedChange> sent, List<Outcome> outcomes) {
    List<EncodedChange> refused = new ArrayList<>(0);
    StoreException reason = null;
    for (int i = 0; i < sent.size(); i++) {
      StoreException failure = outcomes.get(i).failure();
      if (failure != null) {
        // A row that is too large is known not to be applied, so any other failure counts more.
        reason = reason == null || Failures.isOversized(reason) ? failure : reason;
      } else if (outcomes.get(i).applied()) {
        answered.put(sent.get(i).change().key(), true);
      } else {
        refused.add(sent.get(i));
      }
    }
    StoreException failed = reason;
    return findOwn(refused)
        .thenCompose(
            done ->
                failed == null
                    ? CompletableFuture.completedFuture(null)
                    : CompletableFuture.failedFuture(failed));
  }

  private CompletableFuture<Void> findOwn(List<EncodedChange> refused) {
    return refused.isEmpty()
        ? CompletableFuture.completedFuture(null)
        : hbaseRows
            .states(refused.stream().map(EncodedChange::rowKey).toList())
            .thenAccept(
                states -> {
                  for (int i = 0; i < refused.size(); i++) {
                    EncodedChange row = refused.get(i);
                    answered.put(row.change().key(), isOwn(row, states.get(i)));
                  }
                });
  }

  private boolean isOwn(EncodedChange row, @Nullable Cell state) {
    Cell own = row.state().get(layout.stateFamily(), StateCell.QUALIFIER).get(0);
    return state != null
        && state.getTimestamp() == own.getTimestamp()
        && CellUtil.matchingValue(state, own);
  }

  private Result read(EncodedChange row) {
    return read.getOrDefault(row.change().key(), Result.EMPTY_RESULT);
  }
}
