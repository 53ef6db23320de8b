// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.flink.internal.metrics.StoreMeter;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Compares the estimates with the heap that a full cache occupies. */
class RowSizeTest {

  private static final int ROWS = 60_000;

  @Test
  void estimateOfAUserIsNearTheHeap() {
    compare(i -> Row.of("DE", i, Instant.ofEpochMilli(1_700_000_000_000L + i)));
  }

  @Test
  void estimateOfARowOfManyTypesIsNearTheHeap() {
    compare(
        i ->
            Row.of(
                "a longer text with the number " + i,
                new byte[100],
                BigDecimal.valueOf(i, 2),
                (double) i,
                List.of("x" + i, "y" + i),
                null));
  }

  @Test
  void estimateOfAnAbsenceIsNearTheHeap() {
    compare(i -> null);
  }

  private static void compare(IntFunction<@Nullable Row> rows) {
    CacheSettings settings =
        new CacheSettings(
            false,
            1L << 40,
            Duration.ofHours(1),
            Duration.ofHours(1),
            Duration.ZERO,
            new CacheSettings.Following(false, Duration.ZERO, Duration.ofHours(1)));
    AtomicLong number = new AtomicLong();
    TableCache.Source source =
        new TableCache.Source() {
          @Override
          public CompletableFuture<@Nullable Put> read(Key key) {
            Row row = rows.apply((int) number.get());
            return CompletableFuture.completedFuture(
                row == null ? null : new Put(Key.of("user-" + number.get()), row, 1));
          }

          @Override
          public CompletableFuture<@Nullable Put> readOnce(Key key) {
            return read(key);
          }
        };
    TableCache cache =
        new TableCache(
            settings, source, CacheClock.SYSTEM, new StoreMeter("size", List.of()).table("t"));
    long before = usedHeap();
    long estimated = 0;
    for (int i = 0; i < ROWS; i++) {
      number.set(i);
      Key key = Key.of("user-" + i);
      Put row = cache.load(key, System.nanoTime()).join();
      estimated += RowSize.of(key, row);
    }
    double measured = usedHeap() - before;
    assertThat(measured / estimated)
        .as("%s bytes of heap in a row, estimated %s", measured / ROWS, estimated / ROWS)
        .isBetween(0.75, 1.15);
    assertThat(cache.find(Key.of("user-0"), System.nanoTime(), new Uncounted())).isNotNull();
  }

  private static final class Uncounted implements CacheMeter {
    @Override
    public void hit(boolean absent, long ageNanos) {}

    @Override
    public void miss() {}
  }

  private static long usedHeap() {
    long used = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      System.gc();
      used = Math.min(used, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return used;
  }
}
