package io.dimstore.hbaseredis;

import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreMetrics.Operation;
import io.dimstore.spi.StoreMetrics.Request;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Tells the metrics of every request. For HBase one call of the client counts as one request, also
 * where the client divides a batch among region servers or sends a part of it again; for Redis one
 * round trip does. Thread-safe.
 */
final class Meter {

  static final String HBASE = "hbase";
  static final String REDIS = "redis";

  /** What is counted in any case; what checks and purges find is told when they have run. */
  private static final List<String> COUNTS =
      List.of(
          "redis.hit",
          "redis.negative",
          "redis.miss",
          "redis.corrupt",
          "redis.owed",
          "superseded",
          "hbase.hit",
          "hbase.negative",
          "fill",
          "fill.late",
          "fill.void",
          "redis.late",
          "redis.rejected",
          "breaker.slow",
          "breaker.open",
          "breaker.close",
          "reconcile.pass",
          "reconcile.keys",
          "reconcile.busy",
          "intents.dropped",
          "intents.unreadable",
          "repair.healed",
          "repair.corrupt",
          "clock.jump");

  private final StoreMetrics metrics;

  Meter(StoreMetrics metrics) {
    this.metrics = metrics;
  }

  /** Has each count begin at 0: who watches one has to tell "never" from "not there". */
  void begin() {
    COUNTS.forEach(name -> metrics.count(name, 0));
  }

  void count(String name, long delta) {
    if (delta > 0) {
      metrics.count(name, delta);
    }
  }

  void gauge(String name, long value) {
    metrics.gauge(name, value);
  }

  /** Runs a call of the HBase client; its failure, thrown or not, is one {@link StoreException}. */
  <T extends @Nullable Object> CompletableFuture<T> hbase(
      Operation operation, int keys, ToLongFunction<T> bytes, Supplier<CompletableFuture<T>> call) {
    long start = System.nanoTime();
    CompletableFuture<T> running;
    try {
      running = call.get();
    } catch (RuntimeException e) {
      running = CompletableFuture.failedFuture(e);
    }
    return running.handle(
        (value, failure) -> {
          StoreException failed = failure == null ? null : Failures.of("HBase", failure);
          long size = failed == null ? bytes.applyAsLong(value) : 0;
          request(HBASE, operation, keys, size, System.nanoTime() - start, 0, failed);
          if (failed != null) {
            throw failed;
          }
          return value;
        });
  }

  void request(
      String server,
      Operation operation,
      int keys,
      long bytes,
      long nanos,
      int retries,
      @Nullable StoreException failure) {
    metrics.request(
        new Request(
            server,
            operation,
            keys,
            bytes,
            nanos,
            retries,
            0,
            0,
            failure == null ? null : failure.kind()));
  }
}
