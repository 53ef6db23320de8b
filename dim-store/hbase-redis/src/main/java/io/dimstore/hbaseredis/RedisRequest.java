package io.dimstore.hbaseredis;

import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics.Operation;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A request that waits for a connection, and its answer.
 *
 * @param <T> the answer
 */
final class RedisRequest<T extends @Nullable Object> {

  private final CompletableFuture<T> result = new CompletableFuture<>();
  private final Operation operation;
  private final int keys;
  private final long bytes;
  private final RedisLanes.Useful useful;
  private final RedisLanes.Command<T> command;

  RedisRequest(
      Operation operation,
      int keys,
      long bytes,
      RedisLanes.Useful useful,
      RedisLanes.Command<T> command) {
    this.operation = operation;
    this.keys = keys;
    this.bytes = bytes;
    this.useful = useful;
    this.command = command;
  }

  CompletableFuture<T> result() {
    return result;
  }

  boolean isUseful() {
    return useful.stillIs();
  }

  void fail(StoreException failure) {
    result.completeExceptionally(failure);
  }

  /** Sends it; the metrics are told before the answer goes on. */
  void run(RedisConnection connection, Meter meter, int retries) {
    long start = System.nanoTime();
    T answer;
    try {
      answer = command.apply(connection);
    } catch (RuntimeException e) {
      measure(meter, start, retries, Failures.of("Redis", e));
      throw e;
    }
    measure(meter, start, retries, null);
    result.complete(answer);
  }

  private void measure(Meter meter, long start, int retries, @Nullable StoreException failure) {
    meter.request(Meter.REDIS, operation, keys, bytes, System.nanoTime() - start, retries, failure);
  }
}
