// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.read;

import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import io.dimstore.spi.support.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A fake table of one row with lagging replicas: eventual reads return version 1. */
final class LaggingTable {

  static final StoreMetrics METRICS = StoreMetrics.NONE;
  static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);
  static final TableSpec SPEC =
      new TableSpec(
          "t",
          List.of(new Column("k", DataType.STRING), new Column("a", DataType.Simple.BIGINT)),
          List.of("k"));

  private static final Key KEY = Key.of("k");
  private static final Deadline LATER = Deadline.after(Duration.ofHours(1));

  private final AtomicLong newest = new AtomicLong(1);
  private final AtomicInteger turn = new AtomicInteger();
  private volatile boolean alternates;

  ReadCache cache() {
    return new ReadCache(Duration.ofHours(1), new ConcurrentHashMap<>(), () -> 0);
  }

  static Put put(long version) {
    return new Put(KEY, Row.of("a", 1L), version);
  }

  void write(long version) {
    newest.set(version);
  }

  /** Lets an up-to-date replica answer every other eventual read from now on. */
  void alternate() {
    alternates = true;
  }

  RowReader eventual() {
    return (keys, columns, deadline) ->
        answer(alternates && turn.getAndIncrement() % 2 == 0 ? newest.get() : 1);
  }

  RowReader strong() {
    return (keys, columns, deadline) -> answer(newest.get());
  }

  private static CompletableFuture<List<Put>> answer(long version) {
    return CompletableFuture.completedFuture(List.of(put(version)));
  }

  /** Returns the version that a reader answers. */
  static long read(CachedReader reader) {
    return reader.get(List.of(KEY), SPEC.all(), LATER).join().get(0).version();
  }
}
