// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.hbase;

import io.dimstore.hbaseredis.internal.common.Background;
import io.dimstore.hbaseredis.internal.common.Meter;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics.Operation;
import io.dimstore.spi.support.ClockComparison;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.Delete;
import org.apache.hadoop.hbase.client.Get;
import org.apache.hadoop.hbase.client.Put;
import org.apache.hadoop.hbase.util.Bytes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the clock of this machine with the clock of the region server that holds the write
 * intents. It writes a cell whose timestamp the server chooses, and reads it. The result decides
 * the time of deletes, the age of write intents, and which tombstones are purged. Thread-safe.
 */
public final class HBaseClock {

  private static final Logger LOG = LoggerFactory.getLogger(HBaseClock.class);

  /**
   * The prefix of the rows for clock readings. Row keys of write intents begin with a table's name,
   * never with this.
   */
  private static final byte[] PREFIX = {0, 'c'};

  private static final byte[] QUALIFIER = {'c'};
  private static final byte[] EMPTY = {};

  /**
   * A larger difference means that one of the two clocks is wrong. A purge cannot know which, so it
   * refuses.
   */
  private static final long TOLERANCE_MILLIS = 60_000;

  private static final long NOTEWORTHY_MILLIS = 1_000;

  /**
   * Smaller differences are ignored: they may come from rounding, or from a clock that is being
   * adjusted.
   */
  private static final long SMALL_MILLIS = 100;

  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final HBaseTables tables;
  private final TableName intentsTable;
  private final Meter meter;
  private final Background background;
  private final ClockComparison watch;
  private final long jumpNanos;
  private final long skewNanos;
  private final AtomicLong jumpDue = new AtomicLong(System.nanoTime());
  private final AtomicLong skewDue = new AtomicLong(System.nanoTime());
  private volatile @Nullable Long learnedAt;

  /**
   * Creates a comparison that has not read the server's clock yet.
   *
   * @param interval how often to check whether the wall clock has jumped; the server's clock is
   *     read at every tenth interval
   */
  public HBaseClock(
      HBaseTables tables,
      TableName intentsTable,
      Meter meter,
      Background background,
      ClockComparison watch,
      Duration interval) {
    this.tables = tables;
    this.intentsTable = intentsTable;
    this.meter = meter;
    this.background = background;
    this.watch = watch;
    this.jumpNanos = interval.toNanos();
    this.skewNanos = interval.multipliedBy(10).toNanos();
  }

  /** Checks the clocks if a check is due; never blocks. */
  public void checkIfDue() {
    if (isDue(jumpDue, jumpNanos)) {
      long jump = watch.jumpMillis();
      boolean jumped = Math.abs(jump) >= NOTEWORTHY_MILLIS;
      if (jumped) {
        meter.count("clock.jump", 1);
        LOG.warn("The wall clock of this machine has jumped by {} ms", jump);
      }
      if (isDue(skewDue, skewNanos) || jumped) {
        background.run(learn());
      }
    }
  }

  private static boolean isDue(AtomicLong due, long interval) {
    long at = due.get();
    long now = System.nanoTime();
    return now - at >= 0 && due.compareAndSet(at, now + interval);
  }

  /** Reads the server's clock. */
  CompletableFuture<Void> learn() {
    byte[] row = Bytes.add(PREFIX, Bytes.toBytes(ThreadLocalRandom.current().nextLong()));
    long before = watch.wallMillis();
    return tables
        .table(intentsTable)
        .thenCompose(
            table ->
                meter.hbase(
                    Operation.ADMIN,
                    0,
                    done -> 0,
                    () -> table.put(new Put(row).addColumn(WriteIntents.FAMILY, QUALIFIER, EMPTY))))
        .thenCompose(done -> read(row, before, watch.wallMillis()));
  }

  private CompletableFuture<Void> read(byte[] row, long before, long after) {
    return tables
        .table(intentsTable)
        .thenCompose(
            table ->
                meter
                    .hbase(Operation.ADMIN, 0, done -> 0, () -> table.get(new Get(row)))
                    .thenCompose(
                        result -> {
                          if (!result.isEmpty()) {
                            learned(result.rawCells()[0].getTimestamp(), before, after);
                          }
                          return meter.hbase(
                              Operation.ADMIN, 0, done -> 0, () -> table.delete(new Delete(row)));
                        }));
  }

  private void learned(long server, long before, long after) {
    watch.learn(server, before, after);
    learnedAt = System.nanoTime();
    long skew = watch.skewMillis();
    meter.gauge("clock.skew.ms", skew);
    if (Math.abs(skew) >= NOTEWORTHY_MILLIS) {
      LOG.warn("{}", difference(skew));
    }
  }

  private String difference(long skew) {
    return "The clock of this machine is "
        + Math.abs(skew)
        + " ms "
        + (skew > 0 ? "behind" : "ahead of")
        + " that of the region server of HBase table "
        + intentsTable;
  }

  /**
   * Returns the milliseconds to add to this machine's time, so that it is neither earlier than
   * HBase's time nor earlier than it was before the clock jumped back.
   */
  public long behindMillis() {
    return large(watch.behindMillis());
  }

  /**
   * Returns the milliseconds to subtract from this machine's time, so that it is not later than
   * HBase's.
   */
  public long aheadMillis() {
    return large(watch.aheadMillis());
  }

  private static long large(long millis) {
    return millis < SMALL_MILLIS ? 0 : millis;
  }

  /**
   * Returns the present time by HBase's clock, in epoch milliseconds. It is an estimate from the
   * last reading; before the first, it is this machine's time.
   */
  public long millis() {
    return watch.serverMillis();
  }

  /** Reads the server's clock, unless it was read within the last ten intervals. */
  public CompletableFuture<Void> known() {
    return learnedWithin(skewNanos);
  }

  private CompletableFuture<Void> learnedWithin(long ageNanos) {
    Long at = learnedAt;
    return at != null && System.nanoTime() - at < ageNanos
        ? CompletableFuture.completedFuture(null)
        : learn();
  }

  /**
   * Fails INVALID if the two clocks differ by more than a minute. A purge would then remove rows
   * too early, and they cannot be restored. The server's clock is read, unless it was read in the
   * last 10 s.
   */
  public CompletableFuture<Void> requireInStep() {
    return learnedWithin(FRESH_NANOS)
        .thenAccept(
            done -> {
              long skew = watch.skewMillis();
              if (Math.abs(skew) > TOLERANCE_MILLIS) {
                throw StoreException.invalid(
                    difference(skew) + "; nothing is purged. Correct the clock that is wrong");
              }
            });
  }
}
