package io.dimstore.dynamodb;

import io.dimstore.spi.Deadline;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One call of {@code get}: ends when each of its keys has been answered, or one failed. */
final class ReadCall {

  private final Deadline deadline;
  private final List<Wanted> asked;
  private final AtomicInteger unanswered = new AtomicInteger();
  private final Queue<StoreException> corrupt = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<List<@Nullable Put>> result = new CompletableFuture<>();

  ReadCall(int size, Deadline deadline) {
    this.deadline = deadline;
    this.asked = new ArrayList<>(size);
  }

  Deadline deadline() {
    return deadline;
  }

  /** What the next of its keys is answered with. */
  void asks(Wanted wanted) {
    asked.add(wanted);
  }

  /**
   * @param keys how many keys are to be answered
   */
  CompletableFuture<List<@Nullable Put>> begin(int keys) {
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
    List<@Nullable Put> rows = new ArrayList<>(asked.size());
    for (Wanted wanted : asked) {
      rows.add(wanted.found);
    }
    result.complete(rows);
  }

  /** A key of a call. Written by one thread at a time, and read when the call ends. */
  static final class Wanted {
    private final Key key;
    private final ReadCall call;
    private @Nullable Put found;
    private @Nullable Wanted same;

    Wanted(Key key, ReadCall call) {
      this.key = key;
      this.call = call;
    }

    Key key() {
      return key;
    }

    ReadCall call() {
      return call;
    }

    /** The same key of another call, which shares the request. */
    @Nullable Wanted same() {
      return same;
    }

    void share(@Nullable Wanted other) {
      same = other;
    }

    void finds(Put row) {
      found = row;
    }

    void answered() {
      call.answered();
    }
  }
}
