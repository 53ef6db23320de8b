// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.hbase;

import io.dimstore.hbaseredis.internal.encoding.EncodedChange;
import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.encoding.StateCell;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.support.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.hadoop.hbase.Cell;
import org.apache.hadoop.hbase.CellUtil;
import org.apache.hadoop.hbase.client.CheckAndMutate;
import org.jspecify.annotations.Nullable;

/**
 * Writes each row only if its state cell is unchanged since it was read. Every state cell has a
 * random number, so an attempt that reaches HBase late finds another state cell than the one that
 * it expects, and changes nothing. Thread-safe.
 */
final class CheckedRows {

  private final HBaseRows hbaseRows;
  private final Layout layout;

  CheckedRows(HBaseRows hbaseRows, Layout layout) {
    this.hbaseRows = hbaseRows;
    this.layout = layout;
  }

  /**
   * Applies changes of different keys. Repeats each one until it has been applied or the row has a
   * newer version. Fails TIMEOUT if that takes until the deadline.
   *
   * @param deadline no further attempt begins after it
   */
  CompletableFuture<Void> apply(List<EncodedChange> changes, Deadline deadline) {
    if (changes.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    if (deadline.isOver()) {
      return CompletableFuture.failedFuture(
          new StoreException(
              Kind.TIMEOUT,
              "HBase: the deadline has passed; at each attempt to write these rows, other"
                  + " writers changed them first"));
    }
    return hbaseRows
        .states(changes.stream().map(EncodedChange::rowKey).toList())
        .thenCompose(states -> step(changes, states))
        .thenCompose(refused -> apply(refused, deadline));
  }

  /** Returns the changes whose rows have changed since they were read. */
  private CompletableFuture<List<EncodedChange>> step(
      List<EncodedChange> changes, List<@Nullable Cell> states) {
    List<EncodedChange> sent = new ArrayList<>(changes.size());
    List<CheckAndMutate> steps = new ArrayList<>(changes.size());
    for (int i = 0; i < changes.size(); i++) {
      Cell state = states.get(i);
      EncodedChange change = changes.get(i);
      if (state == null || !isDone(change, state)) {
        sent.add(change);
        steps.add(step(change, state));
      }
    }
    if (steps.isEmpty()) {
      return CompletableFuture.completedFuture(List.of());
    }
    return hbaseRows
        .applyIf(steps)
        .thenApply(
            applied -> {
              List<EncodedChange> refused = new ArrayList<>(0);
              for (int i = 0; i < sent.size(); i++) {
                if (!applied.get(i)) {
                  refused.add(sent.get(i));
                }
              }
              return refused;
            });
  }

  /** Whether the row has a newer version, or an earlier attempt of this same change was applied. */
  private boolean isDone(EncodedChange change, Cell state) {
    long version = change.change().version();
    return state.getTimestamp() > version
        || (state.getTimestamp() == version && CellUtil.matchingValue(state, own(change)));
  }

  private CheckAndMutate step(EncodedChange change, @Nullable Cell state) {
    byte[] family = layout.stateFamily();
    CheckAndMutate.Builder row = CheckAndMutate.newBuilder(change.rowKey());
    return (state == null
            ? row.ifNotExists(family, StateCell.QUALIFIER)
            : row.ifEquals(family, StateCell.QUALIFIER, CellUtil.cloneValue(state)))
        .build(change.state());
  }

  private Cell own(EncodedChange change) {
    return change.state().get(layout.stateFamily(), StateCell.QUALIFIER).get(0);
  }
}
