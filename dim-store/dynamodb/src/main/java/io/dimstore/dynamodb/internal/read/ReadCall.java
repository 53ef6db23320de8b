// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.read;

import io.dimstore.spi.Change;
import io.dimstore.spi.Key;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.support.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One call of {@code get} or {@code stored}. It completes when all of its keys have been answered,
 * or when one has failed. Corrupt rows fail it only after all keys have been answered.
 *
 * @param <C> the kind of changes that the call returns; other changes count as absent
 */
final class ReadCall<C extends Change> {

  private final Class<C> kind;
  private final Deadline deadline;
  private final List<Wanted> requested;
  private final AtomicInteger unanswered = new AtomicInteger();
  private final Queue<StoreException> corrupt = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<List<@Nullable C>> result = new CompletableFuture<>();

  ReadCall(Class<C> kind, int size, Deadline deadline) {
    this.kind = kind;
    this.deadline = deadline;
    this.requested = new ArrayList<>(size);
  }

  Deadline deadline() {
    return deadline;
  }

  /** Adds the next key of the call. A repeated key adds the same object again. */
  void add(Wanted wanted) {
    requested.add(wanted);
  }

  /**
   * Starts to wait for the answers, and returns the result.
   *
   * @param keys the number of keys to wait for; with 0 the result is complete
   */
  CompletableFuture<List<@Nullable C>> begin(int keys) {
    unanswered.set(keys);
    if (keys == 0) {
      end();
    }
    return result;
  }

  void corrupt(StoreException failure) {
    corrupt.add(failure);
  }

  void fail(Throwable failure) {
    result.completeExceptionally(failure);
  }

  private void answered() {
    if (unanswered.decrementAndGet() == 0) {
      end();
    }
  }

  private void end() {
    StoreException first = corrupt.peek();
    if (first != null) {
      result.completeExceptionally(
          new StoreException(
              StoreException.Kind.CORRUPT,
              String.valueOf(first.getMessage()),
              corrupt.stream().flatMap(each -> each.keys().stream()).toList(),
              first));
      return;
    }
    List<@Nullable C> rows = new ArrayList<>(requested.size());
    for (Wanted wanted : requested) {
      Change found = wanted.found;
      rows.add(kind.isInstance(found) ? kind.cast(found) : null);
    }
    result.complete(rows);
  }

  /**
   * A key of a call and its row. Written by one thread at a time, and read when the call completes.
   */
  static final class Wanted {
    private final Key key;
    private final ReadCall<?> call;
    private @Nullable Change found;
    private @Nullable Wanted same;

    Wanted(Key key, ReadCall<?> call) {
      this.key = key;
      this.call = call;
    }

    Key key() {
      return key;
    }

    ReadCall<?> call() {
      return call;
    }

    /** Returns the same key of another call that shares the request, or null. */
    @Nullable Wanted same() {
      return same;
    }

    void share(@Nullable Wanted other) {
      same = other;
    }

    void finds(Change change) {
      found = change;
    }

    void answered() {
      call.answered();
    }
  }
}
