package io.dimstore.hbaseredis;

import io.dimstore.spi.ClockWatch;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics.Operation;
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
 * Compares the clock of this machine with that of the region server that holds the marks: it writes
 * a cell there whose timestamp the server chooses, and reads it. Deletes are dated, marks aged and
 * tombstones purged by the result. Thread-safe.
 */
final class HBaseClock {

  private static final Logger LOG = LoggerFactory.getLogger(HBaseClock.class);

  /** Row keys of the marks begin with the name of a table, never with this. */
  private static final byte[] PREFIX = {0, 'c'};

  private static final byte[] QUALIFIER = {'c'};
  private static final byte[] EMPTY = {};

  /** Beyond it something is wrong with a clock, and a purge does not decide which one is. */
  private static final long TOLERANCE_MILLIS = 60_000;

  private static final long NOTEWORTHY_MILLIS = 1_000;

  /** What is less may come from rounding and from a clock that is being adjusted. */
  private static final long SMALL_MILLIS = 100;

  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final HBaseTables tables;
  private final TableName marks;
  private final Meter meter;
  private final Background background;
  private final ClockWatch watch;
  private final long jumpNanos;
  private final long skewNanos;
  private final AtomicLong jumpDue = new AtomicLong(System.nanoTime());
  private final AtomicLong skewDue = new AtomicLong(System.nanoTime());
  private volatile @Nullable Long learnedAt;

  /**
   * A clock that knows nothing of the server's yet.
   *
   * @param interval how often to look whether the wall clock has jumped; every tenth time the
   *     server's clock is read
   */
  HBaseClock(
      HBaseTables tables,
      TableName marks,
      Meter meter,
      Background background,
      ClockWatch watch,
      Duration interval) {
    this.tables = tables;
    this.marks = marks;
    this.meter = meter;
    this.background = background;
    this.watch = watch;
    this.jumpNanos = interval.toNanos();
    this.skewNanos = interval.multipliedBy(10).toNanos();
  }

  /** Looks at the clocks if it is time; never blocks. */
  void poke() {
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
        .table(marks)
        .thenCompose(
            table ->
                meter.hbase(
                    Operation.ADMIN,
                    0,
                    done -> 0,
                    () -> table.put(new Put(row).addColumn(Marks.FAMILY, QUALIFIER, EMPTY))))
        .thenCompose(done -> read(row, before, watch.wallMillis()));
  }

  private CompletableFuture<Void> read(byte[] row, long before, long after) {
    return tables
        .table(marks)
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
        + marks;
  }

  /**
   * Returns what to add to this machine's time where it must not be earlier than HBase's, nor than
   * it was before the clock jumped back.
   */
  long behindMillis() {
    return large(watch.behindMillis());
  }

  /** Returns what to take from this machine's time where it must not be later than HBase's. */
  long aheadMillis() {
    return large(watch.aheadMillis());
  }

  private static long large(long millis) {
    return millis < SMALL_MILLIS ? 0 : millis;
  }

  /** Returns the time by HBase's clock as far as it is known, in epoch milliseconds. */
  long millis() {
    return watch.serverMillis();
  }

  /** Reads the server's clock unless that was done lately. */
  CompletableFuture<Void> known() {
    return learnedWithin(skewNanos);
  }

  private CompletableFuture<Void> learnedWithin(long ageNanos) {
    Long at = learnedAt;
    return at != null && System.nanoTime() - at < ageNanos
        ? CompletableFuture.completedFuture(null)
        : learn();
  }

  /**
   * Fails INVALID where the two clocks differ by more than a minute: what is removed for its age
   * cannot be had back.
   */
  CompletableFuture<Void> requireInStep() {
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
