package io.dimstore.hbaseredis;

import io.dimstore.hbaseredis.Marks.Mark;
import io.dimstore.spi.Change;
import io.dimstore.spi.Deadline;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The way of a write: mark, HBase, Redis, mark away. HBase decides which version stands; Redis
 * follows under a guard of its own, and where it cannot be reached the mark stays and the write has
 * succeeded all the same. Thread-safe.
 */
final class DualWrite {

  private static final int BATCH = 1_000;

  private final Layout layout;
  private final ChangeEncoder encoder;
  private final Truth truth;
  private final RedisCopy copy;
  private final Marks marks;
  private final Background background;
  private final Meter meter;
  private final InstantSource clock;

  DualWrite(
      Layout layout,
      ChangeEncoder encoder,
      Truth truth,
      RedisCopy copy,
      Marks marks,
      Background background,
      Meter meter,
      InstantSource clock) {
    this.layout = layout;
    this.encoder = encoder;
    this.truth = truth;
    this.copy = copy;
    this.marks = marks;
    this.background = background;
    this.meter = meter;
    this.clock = clock;
  }

  /**
   * Everything is checked and encoded before anything is sent.
   *
   * @param deadline after which nobody waits for the outcome: what has not been sent by then is not
   */
  CompletionStage<Void> write(List<Change> changes, Deadline deadline) {
    List<Prepared> prepared = encoder.prepare(changes, clock.millis());
    List<CompletableFuture<Void>> batches = new ArrayList<>();
    for (int from = 0; from < prepared.size(); from += BATCH) {
      batches.add(batch(prepared.subList(from, Math.min(from + BATCH, prepared.size())), deadline));
    }
    return CompletableFuture.allOf(batches.toArray(CompletableFuture[]::new));
  }

  private CompletableFuture<Void> batch(List<Prepared> batch, Deadline deadline) {
    List<byte[]> rowKeys = batch.stream().map(Prepared::rowKey).toList();
    List<byte[]> entries = batch.stream().map(Prepared::entry).toList();
    return marks
        .set(layout.declaration(), rowKeys)
        .thenCompose(
            mark ->
                send(batch, deadline)
                    .whenComplete((done, failure) -> forgetImpossible(mark, failure))
                    .thenCompose(done -> keep(mark, deadline))
                    .thenCompose(done -> follow(mark, rowKeys, entries)));
  }

  /**
   * A process that stood still since it made the mark may find it settled and removed, so that what
   * it sends now would be owed by no mark.
   */
  private CompletableFuture<Void> send(List<Prepared> batch, Deadline deadline) {
    return deadline.isOver()
        ? CompletableFuture.failedFuture(
            new StoreException(Kind.TIMEOUT, "The write's deadline has passed; it was not sent"))
        : truth.apply(batch, deadline);
  }

  /** The same for one that stood still while HBase had the batch. Redis is told in any case. */
  private CompletableFuture<Void> keep(Mark mark, Deadline deadline) {
    return deadline.isOver()
        ? marks.ended(mark).exceptionally(failure -> null)
        : CompletableFuture.completedFuture(null);
  }

  /** Where the table is not there nothing was written, and there is nothing to repair. */
  private void forgetImpossible(Mark mark, @Nullable Throwable failure) {
    StoreException known = StoreException.find(failure);
    if (known != null && known.kind() == Kind.NO_TABLE) {
      background.run(marks.remove(mark));
    }
  }

  private CompletableFuture<Void> follow(Mark mark, List<byte[]> rowKeys, List<byte[]> entries) {
    return copy.apply(rowKeys, entries)
        .handle(
            (applied, failure) -> {
              StoreException known = failure == null ? null : Failures.of("Redis", failure);
              if (known == null) {
                if (applied.older() > 0) {
                  // Known for rows in Redis alone: HBase does not tell, and a read would cost more.
                  meter.count("superseded", applied.older());
                }
                background.run(marks.remove(mark));
              } else if (known.kind() == Kind.CLOSED) {
                throw known;
              } else {
                // The server's breaker knows: it opened before anybody hears of this write.
                owe(mark);
              }
              return null;
            });
  }

  private void owe(Mark mark) {
    meter.count("redis.owed", mark.rowKeys().size());
    background.run(marks.ended(mark));
  }
}
