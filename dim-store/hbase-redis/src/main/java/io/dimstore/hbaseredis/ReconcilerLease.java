package io.dimstore.hbaseredis;

import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics.Operation;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.CheckAndMutate;
import org.apache.hadoop.hbase.client.CheckAndMutateResult;
import org.apache.hadoop.hbase.client.Get;
import org.apache.hadoop.hbase.client.Put;
import org.apache.hadoop.hbase.util.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Lets one process at a time reconcile a table: a row beside its marks says who does. The holder
 * changes the row as it goes on. Another process takes the lease when it has seen the row unchanged
 * for {@link #TERM}, by its own monotonic clock: no two clocks are compared. A holder that stood
 * still finds out at its next step and ends its pass. What it sends meanwhile does no harm: every
 * step of a reconciliation is guarded by versions, and the lease only saves doing it twice.
 * Thread-safe, for one user at a time.
 */
final class ReconcilerLease {

  /** How long a holder may stay silent. */
  static final Duration TERM = Duration.ofSeconds(5);

  private static final byte[] QUALIFIER = {'l'};
  private static final byte[] FREE = {};
  private static final long RETRY_MILLIS = 100;

  private final HBaseClient client;
  private final Meter meter;
  private final TableName table;
  private final byte[] row;
  private final long holder = new SecureRandom().nextLong();
  private long sequence;

  /** What this process wrote last, null where it does not hold the lease. */
  private byte @Nullable [] held;

  private byte @Nullable [] seen;
  private long seenAt;

  /**
   * The lease of one table.
   *
   * @param table the table of marks
   * @param owner the table whose marks they are
   */
  ReconcilerLease(HBaseClient client, Meter meter, TableName table, String owner) {
    this.client = client;
    this.meter = meter;
    this.table = table;
    // Marks begin with the owner and 00.
    this.row = Bytes.add(Utf8.encode(owner), new byte[] {1});
  }

  /**
   * Takes the lease, or waits for it.
   *
   * @param patience how long to wait at most, in nanoseconds
   * @return false where another process has it
   */
  CompletableFuture<Boolean> acquire(long patience) {
    return acquireUntil(System.nanoTime() + patience);
  }

  private CompletableFuture<Boolean> acquireUntil(long end) {
    return attempt()
        .thenCompose(
            taken -> {
              if (taken || System.nanoTime() - end >= 0) {
                meter.count("reconcile.busy", taken ? 0 : 1);
                return CompletableFuture.completedFuture(taken);
              }
              return later(() -> acquireUntil(end));
            });
  }

  private static <T> CompletableFuture<T> later(Supplier<CompletableFuture<T>> next) {
    return CompletableFuture.supplyAsync(
            next, CompletableFuture.delayedExecutor(RETRY_MILLIS, TimeUnit.MILLISECONDS))
        .thenCompose(begun -> begun);
  }

  private CompletableFuture<Boolean> attempt() {
    return client
        .table(table)
        .thenCompose(
            rows ->
                meter.hbase(
                    Operation.GET,
                    1,
                    found -> 0,
                    () -> rows.get(new Get(row).addColumn(Marks.FAMILY, QUALIFIER))))
        .thenCompose(found -> take(found.getValue(Marks.FAMILY, QUALIFIER)));
  }

  private CompletableFuture<Boolean> take(byte @Nullable [] current) {
    if (current != null && current.length > 0 && !isExpired(current)) {
      return CompletableFuture.completedFuture(false);
    }
    return replace(current, next());
  }

  private synchronized boolean isExpired(byte[] current) {
    long now = System.nanoTime();
    if (!Arrays.equals(current, seen)) {
      seen = current;
      seenAt = now;
    }
    return now - seenAt > TERM.toNanos();
  }

  private synchronized byte[] next() {
    return Bytes.add(Bytes.toBytes(holder), Bytes.toBytes(++sequence));
  }

  /**
   * Says that the holder goes on.
   *
   * @return fails UNAVAILABLE where another process has taken the lease
   */
  CompletableFuture<Void> renew() {
    byte[] mine = mine();
    return (mine == null ? CompletableFuture.completedFuture(false) : replace(mine, next()))
        .thenAccept(
            renewed -> {
              if (!renewed) {
                throw new StoreException(
                    Kind.UNAVAILABLE, "Another process has begun to reconcile the table");
              }
            });
  }

  /** Gives the lease back; where that fails it ends by itself. */
  CompletableFuture<Void> release() {
    byte[] mine = mine();
    return mine == null
        ? CompletableFuture.completedFuture(null)
        : replace(mine, FREE).handle((released, failure) -> null);
  }

  private synchronized byte @Nullable [] mine() {
    return held;
  }

  /** Writes a value if the row still has the one that was seen. */
  private CompletableFuture<Boolean> replace(byte @Nullable [] before, byte[] value) {
    CheckAndMutate.Builder check = CheckAndMutate.newBuilder(row);
    if (before == null) {
      check.ifNotExists(Marks.FAMILY, QUALIFIER);
    } else {
      check.ifEquals(Marks.FAMILY, QUALIFIER, before);
    }
    CheckAndMutate step = check.build(new Put(row).addColumn(Marks.FAMILY, QUALIFIER, value));
    return client
        .table(table)
        .thenCompose(
            rows -> meter.hbase(Operation.WRITE, 1, done -> 0, () -> rows.checkAndMutate(step)))
        .thenApply(CheckAndMutateResult::isSuccess)
        .whenComplete((done, failure) -> note(Boolean.TRUE.equals(done) ? value : null));
  }

  private synchronized void note(byte @Nullable [] value) {
    held = value == null || value.length == 0 ? null : value;
  }
}
