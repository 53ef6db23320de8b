package io.dimstore.hbaseredis;

import io.dimstore.spi.Deadline;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.hadoop.hbase.Cell;
import org.apache.hadoop.hbase.CellUtil;
import org.apache.hadoop.hbase.client.CheckAndMutate;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows each under the condition that its state cell is still the one that was read. Since
 * every state cell has a number of its own, an attempt that reaches HBase late finds another state
 * cell than the one that it was made for, and changes nothing. Thread-safe.
 */
final class CheckedRows {

  private final Truth truth;
  private final Layout layout;

  CheckedRows(Truth truth, Layout layout) {
    this.truth = truth;
    this.layout = layout;
  }

  /**
   * Applies changes of different keys, each until it has been applied or a newer version stands.
   *
   * @param deadline after which no further step is begun
   */
  CompletableFuture<Void> apply(List<Prepared> changes, Deadline deadline) {
    if (changes.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    if (deadline.isOver()) {
      return CompletableFuture.failedFuture(
          new StoreException(
              Kind.TIMEOUT,
              "HBase: rows were changed by others whenever they were to be written; the deadline"
                  + " has passed"));
    }
    return truth
        .states(changes.stream().map(Prepared::rowKey).toList())
        .thenCompose(states -> step(changes, states))
        .thenCompose(refused -> apply(refused, deadline));
  }

  /** Returns the changes whose rows have changed since they were read. */
  private CompletableFuture<List<Prepared>> step(
      List<Prepared> changes, List<@Nullable Cell> states) {
    List<Prepared> sent = new ArrayList<>(changes.size());
    List<CheckAndMutate> steps = new ArrayList<>(changes.size());
    for (int i = 0; i < changes.size(); i++) {
      Cell state = states.get(i);
      Prepared change = changes.get(i);
      if (state == null || !isDone(change, state)) {
        sent.add(change);
        steps.add(step(change, state));
      }
    }
    if (steps.isEmpty()) {
      return CompletableFuture.completedFuture(List.of());
    }
    return truth
        .applyIf(steps)
        .thenApply(
            applied -> {
              List<Prepared> refused = new ArrayList<>(0);
              for (int i = 0; i < sent.size(); i++) {
                if (!applied.get(i)) {
                  refused.add(sent.get(i));
                }
              }
              return refused;
            });
  }

  /** Whether a newer version stands, or an attempt of this very change has arrived. */
  private boolean isDone(Prepared change, Cell state) {
    long version = change.change().version();
    return state.getTimestamp() > version
        || (state.getTimestamp() == version && CellUtil.matchingValue(state, own(change)));
  }

  private CheckAndMutate step(Prepared change, @Nullable Cell state) {
    byte[] family = layout.stateFamily();
    CheckAndMutate.Builder row = CheckAndMutate.newBuilder(change.rowKey());
    return (state == null
            ? row.ifNotExists(family, StateCell.QUALIFIER)
            : row.ifEquals(family, StateCell.QUALIFIER, CellUtil.cloneValue(state)))
        .build(change.state());
  }

  private Cell own(Prepared change) {
    return change.state().get(layout.stateFamily(), StateCell.QUALIFIER).get(0);
  }
}
