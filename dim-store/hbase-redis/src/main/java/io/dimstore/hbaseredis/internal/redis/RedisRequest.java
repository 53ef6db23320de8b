// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import io.dimstore.hbaseredis.internal.breaker.Breaker;
import io.dimstore.hbaseredis.internal.breaker.RequestPurpose;
import io.dimstore.hbaseredis.internal.common.Meter;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics.Operation;
import io.dimstore.spi.support.Deadline;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A queued command and its result. One connection at a time sends it and receives its answer. Its
 * deadline may end it at any time; an answer that arrives later is read and discarded.
 *
 * @param <T> the answer
 */
final class RedisRequest<T extends @Nullable Object> {

  /** The approximate memory of a request, in bytes, without its keys and values. */
  private static final int OVERHEAD = 200;

  private static final int OVERHEAD_OF_KEY = 48;

  private final CompletableFuture<T> result = new CompletableFuture<>();
  private final Operation operation;
  private final int keys;
  private final long bytes;
  private final long weight;
  private final RequestPurpose purpose;
  private final Deadline deadline;
  private final RedisCommand<T> command;
  private final long admittedAt = System.nanoTime();
  private long sentAt;
  private long delayWhenSent;

  /**
   * When the request last counted as a slow answer. This field and the next are used by the timer's
   * thread only.
   */
  private long countedAt = admittedAt;

  private boolean ending;

  /**
   * Creates a request that is admitted now.
   *
   * @param bytes the size of its values, for the metrics
   * @param size the bytes that are sent
   */
  RedisRequest(
      Operation operation,
      int keys,
      long bytes,
      long size,
      RequestPurpose purpose,
      Deadline deadline,
      RedisCommand<T> command) {
    this.operation = operation;
    this.keys = keys;
    this.bytes = bytes;
    this.weight = OVERHEAD + (long) keys * OVERHEAD_OF_KEY + size;
    this.purpose = purpose;
    this.deadline = deadline;
    this.command = command;
  }

  CompletableFuture<T> result() {
    return result;
  }

  int keys() {
    return keys;
  }

  /** Returns an estimate of its memory, in bytes. */
  long weight() {
    return weight;
  }

  RequestPurpose purpose() {
    return purpose;
  }

  boolean isDone() {
    return result.isDone();
  }

  boolean isOver() {
    return deadline.isOver();
  }

  /**
   * Whether this request counts as a slow answer now. It does if its answer would be slow, and the
   * bound has passed since it last counted. If so, the time is recorded.
   *
   * @param onWire how long it has waited for the server, in nanoseconds
   */
  boolean isSlow(Breaker breaker, long onWire, long now) {
    if (now - countedAt < breaker.bound() || !breaker.isSlow(onWire, now - admittedAt)) {
      return false;
    }
    countedAt = now;
    return true;
  }

  /** Marks the request as being ended by the timer. Returns whether this is the first such call. */
  boolean beginEnd() {
    boolean first = !ending;
    ending = true;
    return first;
  }

  boolean fail(StoreException failure) {
    return result.completeExceptionally(failure);
  }

  void send(RedisConnection connection, OwnDelay delay) {
    sentAt = System.nanoTime();
    delayWhenSent = delay.total(sentAt);
    command.send(connection);
  }

  /** Reads the answer. Reports it to metrics and breaker before the result completes. */
  void receive(
      RedisConnection connection, Meter meter, Breaker breaker, OwnDelay delay, int retries) {
    T answer = command.receive(connection);
    measure(meter, retries, null);
    if (!result.isDone()) {
      long now = System.nanoTime();
      long ownDelay = delay.total(now) - delayWhenSent;
      breaker.answered(purpose.use(), now - sentAt - ownDelay, now - admittedAt);
      result.complete(answer);
    }
  }

  /**
   * Reports an attempt to the metrics.
   *
   * @param failure why it failed; null if it succeeded
   */
  void measure(Meter meter, int retries, @Nullable StoreException failure) {
    meter.redis(operation, keys, bytes, System.nanoTime() - sentAt, retries, failure);
  }
}
