package io.dimstore.hbaseredis;

import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics.Operation;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A command that waits for a connection, and its answer. Sent and answered by one lane at a time.
 *
 * @param <T> the answer
 */
final class RedisRequest<T extends @Nullable Object> {

  private final CompletableFuture<T> result = new CompletableFuture<>();
  private final Operation operation;
  private final int keys;
  private final long bytes;
  private final RedisLanes.Useful useful;
  private final RedisCommand<T> command;
  private long sentAt;

  RedisRequest(
      Operation operation,
      int keys,
      long bytes,
      RedisLanes.Useful useful,
      RedisCommand<T> command) {
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

  void send(RedisConnection connection) {
    sentAt = System.nanoTime();
    command.send(connection);
  }

  /** Reads the answer; the metrics are told before it goes on. */
  void receive(RedisConnection connection, Meter meter, int retries) {
    T answer = command.receive(connection);
    measure(meter, retries, null);
    result.complete(answer);
  }

  /** Tells the metrics of an attempt that failed. */
  void measure(Meter meter, int retries, @Nullable StoreException failure) {
    meter.request(
        Meter.REDIS, operation, keys, bytes, System.nanoTime() - sentAt, retries, failure);
  }
}
