// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.common;

import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetric;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreMetrics.Operation;
import io.dimstore.spi.support.CallMeter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reports every request to the metrics. For HBase, one call of the client counts as one request,
 * even if the client divides a batch among region servers or sends a part of it again. For Redis,
 * one round trip counts as one request. Thread-safe.
 */
public final class Meter {

  /**
   * The counts that begin at 0 when the store opens. The counts of checks and purges begin when
   * they are first reported.
   */
  private static final List<String> COUNTS =
      List.of(
          "redis.hit",
          "redis.negative",
          "redis.miss",
          "redis.corrupt",
          "redis.pending",
          "redis.fenced",
          "superseded",
          "hbase.hit",
          "hbase.negative",
          "fill",
          "fill.late",
          "fill.invalidated",
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

  /** The counts of checks and purges. */
  private static final List<String> COUNTS_OF_MAINTENANCE =
      List.of(
          "purged",
          "purge.unreadable",
          "check.examined",
          "check.missing",
          "check.extra",
          "check.stale",
          "check.value",
          "check.expiry",
          "check.unreadable",
          "check.healed");

  private static final List<StoreMetric> DECLARED = declare();

  private final StoreMetrics metrics;
  private final CallMeter hbase;
  private final CallMeter redis;

  private static List<StoreMetric> declare() {
    List<StoreMetric> all = new ArrayList<>();
    COUNTS.forEach(name -> all.add(StoreMetric.count(name)));
    COUNTS_OF_MAINTENANCE.forEach(name -> all.add(StoreMetric.count(name)));
    for (String name :
        List.of(
            "breaker.state",
            "breaker.servers",
            "redis.queued",
            "redis.queued.bytes",
            "clock.skew.ms")) {
      all.add(StoreMetric.gauge(name));
    }
    for (String name :
        List.of(
            "backlog.keys",
            "backlog.oldest.ms",
            "reconcile.remaining.ms",
            "hbase.unsafe-settings")) {
      all.add(StoreMetric.gaugeOfTable(name));
    }
    return List.copyOf(all);
  }

  /** Returns all counts and gauges that the store reports. */
  public static List<StoreMetric> declared() {
    return DECLARED;
  }

  public Meter(StoreMetrics metrics) {
    this.metrics = metrics;
    this.hbase = new CallMeter("hbase", metrics);
    this.redis = new CallMeter("redis", metrics);
  }

  /** Reports each count as 0, so that dashboards can tell a count of 0 from a missing one. */
  public void begin() {
    COUNTS.forEach(name -> metrics.count(name, 0));
  }

  public void count(String name, long delta) {
    if (delta > 0) {
      metrics.count(name, delta);
    }
  }

  public void gauge(String name, long value) {
    metrics.gauge(name, value);
  }

  public void gauge(String name, String table, long value) {
    metrics.gauge(name, table, value);
  }

  /**
   * Runs a call of the HBase client and reports it. The result fails with a {@link StoreException},
   * also if the call throws.
   */
  public <T extends @Nullable Object> CompletableFuture<T> hbase(
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
          hbase.report(
              operation,
              keys,
              size,
              System.nanoTime() - start,
              0,
              failed == null ? null : failed.kind());
          if (failed != null) {
            throw failed;
          }
          return value;
        });
  }

  /** Reports a round trip to Redis. */
  public void redis(
      Operation operation,
      int keys,
      long bytes,
      long nanos,
      int retries,
      @Nullable StoreException failure) {
    redis.report(operation, keys, bytes, nanos, retries, failure == null ? null : failure.kind());
  }
}
