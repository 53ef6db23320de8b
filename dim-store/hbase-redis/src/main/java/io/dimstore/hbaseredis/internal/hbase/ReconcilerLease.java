// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.hbase;

import io.dimstore.hbaseredis.internal.common.Meter;
import io.dimstore.hbaseredis.internal.encoding.Utf8;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics.Operation;
import io.dimstore.spi.support.Backoff;
import io.dimstore.spi.support.Deadline;
import io.dimstore.spi.support.RetryTimer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.CheckAndMutate;
import org.apache.hadoop.hbase.client.CheckAndMutateResult;
import org.apache.hadoop.hbase.client.Get;
import org.apache.hadoop.hbase.client.Put;
import org.apache.hadoop.hbase.util.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Lets one process at a time reconcile a table. A row beside the table's write intents names the
 * holder, which changes the row at each step. Another process takes the lease when it has seen the
 * row unchanged for {@link #TERM}. It measures that with its own monotonic clock, so no two clocks
 * are compared. A holder that was paused notices the loss at its next step and ends its pass.
 * Requests that it sends in between do no harm, because versions guard every step of a
 * reconciliation; the lease only avoids doing the work twice. Thread-safe, but only one caller at a
 * time may hold or request the lease.
 */
public final class ReconcilerLease {

  /** How long a holder may leave the row unchanged. */
  static final Duration TERM = Duration.ofSeconds(5);

  private static final byte[] QUALIFIER = {'l'};
  private static final byte[] FREE = {};
  private static final Backoff PAUSE = new Backoff(Duration.ofMillis(200), Duration.ofMillis(200));

  private final HBaseClient client;
  private final Meter meter;
  private final RetryTimer retries;
  private final TableName table;
  private final byte[] row;
  private final long holder = new SecureRandom().nextLong();
  private long sequence;

  /** The value that this process wrote last; null if it does not hold the lease. */
  private byte @Nullable [] held;

  private byte @Nullable [] seen;
  private long seenAt;

  /**
   * Creates the lease of one table.
   *
   * @param retries runs the attempts to take the lease from another process
   * @param table the HBase table of write intents
   * @param owner the declaration of the dimension table whose write intents are reconciled
   */
  ReconcilerLease(
      HBaseClient client, Meter meter, RetryTimer retries, TableName table, String owner) {
    this.client = client;
    this.meter = meter;
    this.retries = retries;
    this.table = table;
    // Row keys of write intents begin with the owner and 00.
    this.row = Bytes.add(Utf8.encode(owner), new byte[] {1});
  }

  /**
   * Takes the lease, or waits for it.
   *
   * @param patience how long to wait at most, in nanoseconds
   * @return false if another process still holds it after that time
   */
  public CompletableFuture<Boolean> acquire(long patience) {
    return retries
        .until(this::attempt, PAUSE, Deadline.after(Duration.ofNanos(patience)))
        .thenApply(
            taken -> {
              meter.count("reconcile.busy", taken ? 0 : 1);
              return taken;
            });
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
                    () -> rows.get(new Get(row).addColumn(WriteIntents.FAMILY, QUALIFIER))))
        .thenCompose(found -> take(found.getValue(WriteIntents.FAMILY, QUALIFIER)));
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
   * Shows to other processes that the holder is still at work.
   *
   * @return fails UNAVAILABLE if another process has taken the lease
   */
  public CompletableFuture<Void> renew() {
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

  /**
   * Gives the lease back. Never fails: a lease that cannot be given back ends after {@link #TERM}.
   */
  public CompletableFuture<Void> release() {
    byte[] mine = mine();
    return mine == null
        ? CompletableFuture.completedFuture(null)
        : replace(mine, FREE).handle((released, failure) -> null);
  }

  private synchronized byte @Nullable [] mine() {
    return held;
  }

  /** Replaces the row's value if it is still the one that was seen. */
  private CompletableFuture<Boolean> replace(byte @Nullable [] before, byte[] value) {
    CheckAndMutate.Builder check = CheckAndMutate.newBuilder(row);
    if (before == null) {
      check.ifNotExists(WriteIntents.FAMILY, QUALIFIER);
    } else {
      check.ifEquals(WriteIntents.FAMILY, QUALIFIER, before);
    }
    CheckAndMutate step =
        check.build(new Put(row).addColumn(WriteIntents.FAMILY, QUALIFIER, value));
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
