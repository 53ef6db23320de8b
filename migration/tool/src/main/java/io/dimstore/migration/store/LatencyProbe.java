// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.store;

import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanSplit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks up single rows of the source at a steady rate, and reports how long each lookup took to the
 * guard. A lookup that fails counts with the time until its failure.
 */
public final class LatencyProbe implements AutoCloseable {

  private static final int SPLITS = 8;
  private static final int SAMPLE = 32;

  private final DimensionTable table;
  private final Projection columns;
  private final List<Key> keys;
  private final ImpactGuard guard;
  private final Clock clock;
  private final Clock.Repetition lookups;
  private int next;

  private LatencyProbe(
      Side side, List<Key> keys, long intervalNanos, ImpactGuard guard, Clock clock) {
    this.table = side.table();
    this.columns = side.spec().all();
    this.keys = keys;
    this.guard = guard;
    this.clock = clock;
    this.lookups = clock.every(intervalNanos, this::lookUp);
  }

  /**
   * Starts to probe, and waits until the normal latency is known.
   *
   * @return null if the guard wants no probes, or the table has no row
   */
  public static @Nullable LatencyProbe measured(
      Side side, int probesPerSecond, ImpactGuard guard, Calls calls, Clock clock)
      throws InterruptedException {
    List<Key> keys = guard.isOn() ? sample(side, calls) : List.of();
    if (keys.isEmpty()) {
      return null;
    }
    long interval = TimeUnit.SECONDS.toNanos(1) / probesPerSecond;
    LatencyProbe probe = new LatencyProbe(side, keys, interval, guard, clock);
    while (!guard.hasBaseline()) {
      clock.pause(interval);
    }
    return probe;
  }

  /** Returns some keys from the beginnings of some splits. */
  private static List<Key> sample(Side side, Calls calls) throws InterruptedException {
    List<Key> keys = new ArrayList<>();
    ScanOptions rows = ScanOptions.rows(Projection.of());
    List<ScanSplit> splits = calls.await(() -> side.table().splits(SPLITS, rows));
    for (ScanSplit split : splits) {
      for (Change change : calls.await(() -> side.table().scan(split, SAMPLE)).changes()) {
        keys.add(change.key());
      }
    }
    Collections.shuffle(keys, new Random(1));
    return List.copyOf(keys);
  }

  private void lookUp() {
    Key key = keys.get(next++ % keys.size());
    long begin = clock.nanos();
    try {
      table
          .get(List.of(key), columns)
          .whenComplete((rows, failure) -> guard.observe(clock.nanos() - begin));
    } catch (RuntimeException e) {
      guard.observe(clock.nanos() - begin);
    }
  }

  @Override
  public void close() {
    lookups.close();
  }
}
