// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.write;

import io.dimstore.hbaseredis.internal.common.Background;
import io.dimstore.hbaseredis.internal.common.Failures;
import io.dimstore.hbaseredis.internal.common.Meter;
import io.dimstore.hbaseredis.internal.encoding.ChangeEncoder;
import io.dimstore.hbaseredis.internal.encoding.EncodedChange;
import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.entry.RedisEntries;
import io.dimstore.hbaseredis.internal.hbase.HBaseRows;
import io.dimstore.hbaseredis.internal.hbase.WriteIntent;
import io.dimstore.hbaseredis.internal.hbase.WriteIntents;
import io.dimstore.spi.Change;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.support.Deadline;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The write path: adds a write intent, writes to HBase, updates Redis, removes the intent. HBase
 * decides which version wins, and the update of Redis compares versions too. If Redis cannot be
 * updated, the write intent stays and the write succeeds nevertheless.
 *
 * <p>If the write to HBase fails, HBase may have any part of the batch, and an attempt in flight
 * may still arrive. So the rows are fenced in Redis before the caller learns of the failure: HBase
 * answers their lookups until no attempt can be in flight. Thread-safe.
 */
public final class DualWrite {

  private static final int BATCH = 1_000;

  /**
   * The bytes above which a batch gets no further row. Region servers refuse requests above {@code
   * hbase.ipc.max.request.size}, 256 MB unless it is set. They close the connection without reading
   * such a request, so the client may see no more than a lost connection.
   */
  private static final long BATCH_BYTES = 16L << 20;

  private final Layout layout;
  private final ChangeEncoder encoder;
  private final CellLimit limit;
  private final HBaseRows hbaseRows;
  private final RedisEntries redisEntries;
  private final WriteIntents intents;
  private final Background background;
  private final Meter meter;
  private final InstantSource clock;

  public DualWrite(
      Layout layout,
      ChangeEncoder encoder,
      CellLimit limit,
      HBaseRows hbaseRows,
      RedisEntries redisEntries,
      WriteIntents intents,
      Background background,
      Meter meter,
      InstantSource clock) {
    this.layout = layout;
    this.encoder = encoder;
    this.limit = limit;
    this.hbaseRows = hbaseRows;
    this.redisEntries = redisEntries;
    this.intents = intents;
    this.background = background;
    this.meter = meter;
    this.clock = clock;
  }

  /**
   * Writes changes. All of them are validated and encoded before anything is sent. Fails INVALID
   * with the keys of rows that the region servers find too large; all other rows are written.
   *
   * @param deadline the caller does not wait longer; batches that have not been sent by then are
   *     not sent, and fail TIMEOUT
   */
  public CompletionStage<Void> write(List<Change> changes, Deadline deadline) {
    return write(
        encoder.prepare(changes, clock.millis()),
        EncodedChange::bytes,
        rows -> OversizedRows.isolate(rows, part -> send(part, deadline)),
        deadline);
  }

  /** Applies rows to HBase, as one step of a dual write. */
  interface HBaseStep {

    /**
     * Applies the rows of a batch. Fails if HBase may or may not have any of them.
     *
     * @return the rows that HBase finds too large
     */
    CompletableFuture<OversizedRows> apply(List<EncodedChange> rows);

    /** Returns those of the rows that HBase has now. The rows are not too large for it. */
    default List<EncodedChange> applied(List<EncodedChange> rows) {
      return rows;
    }
  }

  /**
   * Writes encoded changes of different keys. The rows that the step does not apply are left alone
   * in Redis too.
   *
   * @param bytes the size of a row in the requests of the step
   */
  CompletableFuture<Void> write(
      List<EncodedChange> prepared,
      ToLongFunction<EncodedChange> bytes,
      HBaseStep step,
      Deadline deadline) {
    limit.check(prepared, layout, intents);
    CompletableFuture<OversizedRows> oversized = OversizedRows.none();
    for (List<EncodedChange> rows : batches(prepared, bytes)) {
      // The keys of a batch are one cell of its write intent. If they are too large for HBase, the
      // batch is written in parts, each with an intent of its own.
      oversized =
          oversized.thenCombine(
              OversizedRows.inParts(rows, part -> batch(part, step, deadline)), OversizedRows::and);
    }
    return oversized.thenCompose(OversizedRows::report);
  }

  /** Divides rows into batches that are limited in number and in bytes. */
  static List<List<EncodedChange>> batches(
      List<EncodedChange> rows, ToLongFunction<EncodedChange> bytesOf) {
    List<List<EncodedChange>> batches = new ArrayList<>(1);
    int from = 0;
    long bytes = 0;
    for (int i = 0; i < rows.size(); i++) {
      long size = bytesOf.applyAsLong(rows.get(i));
      if (i - from == BATCH || (i > from && bytes + size > BATCH_BYTES)) {
        batches.add(rows.subList(from, i));
        from = i;
        bytes = 0;
      }
      bytes += size;
    }
    if (from < rows.size()) {
      batches.add(rows.subList(from, rows.size()));
    }
    return batches;
  }

  private CompletableFuture<OversizedRows> batch(
      List<EncodedChange> batch, HBaseStep step, Deadline deadline) {
    return intents
        .create(layout.declaration(), batch.stream().map(EncodedChange::rowKey).toList())
        .thenCompose(
            intent ->
                beforeFailure(step.apply(batch), deadline, failure -> fence(intent, failure))
                    .thenCompose(
                        oversized ->
                            renewIfLate(intent, deadline)
                                .thenCompose(
                                    done ->
                                        updateRedis(
                                            intent, step.applied(oversized.writtenOf(batch))))
                                .thenApply(done -> oversized)));
  }

  /**
   * Sends a batch to HBase, unless the deadline has passed. A process that was paused after it
   * wrote the write intent may find that a repairer has reconciled and removed it. No write intent
   * would then cover a batch that is sent now.
   */
  private CompletableFuture<Void> send(List<EncodedChange> batch, Deadline deadline) {
    return deadline.isOver()
        ? CompletableFuture.failedFuture(late())
        : hbaseRows.apply(batch, deadline);
  }

  static StoreException late() {
    return new StoreException(Kind.TIMEOUT, "The write's deadline has passed; it was not sent");
  }

  /**
   * Runs a step if this part of a call fails, before its failure is reported. If the part is still
   * pending shortly before the deadline, the step runs then, because the caller learns of a failure
   * at the deadline.
   *
   * @param step receives the failure, or null if there is none yet; must not fail
   */
  static <T> CompletableFuture<T> beforeFailure(
      CompletableFuture<T> part,
      Deadline deadline,
      Function<@Nullable Throwable, CompletableFuture<Void>> step) {
    if (!part.isDone()) {
      CompletableFuture<Boolean> inTime = new CompletableFuture<>();
      part.whenComplete((result, failure) -> inTime.complete(true));
      inTime
          .completeOnTimeout(false, deadline.remainingNanos() * 19 / 20, TimeUnit.NANOSECONDS)
          .thenCompose(
              isInTime -> isInTime ? CompletableFuture.completedFuture(null) : step.apply(null));
    }
    return part.exceptionallyCompose(
        failure ->
            step.apply(failure).thenCompose(done -> CompletableFuture.failedFuture(failure)));
  }

  /**
   * Fences the rows of a failed batch, or of one that is likely to fail. If HBase reports that the
   * table or a family does not exist, a part may still have been written, for instance while a
   * family is removed; but nothing is left to reconcile once no entry is in Redis: the write intent
   * is removed then. If Redis fails, the write intent lets a repairer reconcile the rows; until
   * then a lookup may find the row before the write.
   */
  private CompletableFuture<Void> fence(WriteIntent intent, @Nullable Throwable failure) {
    StoreException known = StoreException.find(failure);
    boolean isMissing = known != null && known.kind() == Kind.NO_TABLE;
    return redisEntries
        .fence(intent.rowKeys(), Duration.ofMillis(intent.graceMillis()))
        .handle(
            (fenced, unfenced) -> {
              meter.count(
                  unfenced == null ? "redis.fenced" : "redis.pending", intent.rowKeys().size());
              if (isMissing && unfenced == null) {
                background.run(intents.remove(intent));
              }
              return null;
            });
  }

  /**
   * Writes the intent again if the deadline has passed, because a repairer may have removed it
   * while this process was paused. A failure is ignored: Redis is updated in any case.
   */
  private CompletableFuture<Void> renewIfLate(WriteIntent intent, Deadline deadline) {
    return deadline.isOver()
        ? intents.recordEnd(intent).exceptionally(failure -> null)
        : CompletableFuture.completedFuture(null);
  }

  private CompletableFuture<Void> updateRedis(WriteIntent intent, List<EncodedChange> written) {
    if (written.isEmpty()) {
      background.run(intents.remove(intent));
      return CompletableFuture.completedFuture(null);
    }
    return redisEntries
        .apply(
            written.stream().map(EncodedChange::rowKey).toList(),
            written.stream().map(EncodedChange::entry).toList())
        .handle(
            (applied, failure) -> {
              StoreException known = failure == null ? null : Failures.of("Redis", failure);
              if (known == null) {
                if (applied.older() > 0) {
                  // Counts only rows that have an entry in Redis. HBase does not report superseded
                  // writes, and reading the rows would cost too much.
                  meter.count("superseded", applied.older());
                }
                background.run(intents.remove(intent));
              } else if (known.kind() == Kind.CLOSED) {
                throw known;
              } else {
                // The server's breaker has already opened, before any caller learns of this write.
                recordPending(intent);
              }
              return null;
            });
  }

  private void recordPending(WriteIntent intent) {
    meter.count("redis.pending", intent.rowKeys().size());
    background.run(intents.recordEnd(intent));
  }
}
