// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.read;

import io.dimstore.hbaseredis.internal.breaker.SlowAnswers;
import io.dimstore.hbaseredis.internal.common.Meter;
import io.dimstore.hbaseredis.internal.encoding.ChangeEncoder;
import io.dimstore.hbaseredis.internal.encoding.EntryCodec;
import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.encoding.RowKeys;
import io.dimstore.hbaseredis.internal.encoding.RowState;
import io.dimstore.hbaseredis.internal.entry.EntryScripts;
import io.dimstore.hbaseredis.internal.entry.RedisEntries;
import io.dimstore.hbaseredis.internal.hbase.HBaseRows;
import io.dimstore.hbaseredis.internal.read.ReadCall.Part;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.support.Deadline;
import io.dimstore.spi.support.MovingAverage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The read path: reads Redis, then HBase for the rows that Redis lacks, then fills Redis. A fill
 * needs a lease that was taken before HBase was read and that no write has invalidated since, so a
 * fill never brings back a row that a write has replaced. Concurrent readers of a key share its
 * lease. Thread-safe.
 */
public final class ReadThrough {

  private static final double MOSTLY_MISSES = 0.75;

  private final ChangeEncoder encoder;
  private final RowKeys rowKeys;
  private final EntryCodec entries;
  private final HBaseRows hbaseRows;
  private final RedisEntries redisEntries;
  private final SlowAnswers slow;
  private final Meter meter;
  private final InstantSource clock;
  private final long process = ThreadLocalRandom.current().nextLong();
  private final AtomicLong leases = new AtomicLong();
  private final long leaseNanos;
  private final Duration timeout;

  /**
   * The moving average, over about eight reads, of the share of rows that Redis lacked. If it is
   * high, a read takes leases at once, which also returns existing entries. This saves a round trip
   * for a miss, and costs Redis more work for a hit.
   */
  private final MovingAverage missShare = MovingAverage.startingAt(0, 1.0 / 8);

  public ReadThrough(
      ChangeEncoder encoder,
      Layout layout,
      EntryCodec entries,
      HBaseRows hbaseRows,
      RedisEntries redisEntries,
      Meter meter,
      InstantSource clock,
      Duration lease) {
    this.encoder = encoder;
    this.rowKeys = layout.keys();
    this.entries = entries;
    this.hbaseRows = hbaseRows;
    this.redisEntries = redisEntries;
    this.slow = redisEntries.servers().slow();
    this.timeout = redisEntries.servers().timeout();
    this.meter = meter;
    this.clock = clock;
    this.leaseNanos = lease.toNanos();
  }

  public CompletionStage<List<@Nullable Put>> get(List<Key> keys, Projection columns) {
    Deadline redis = Deadline.after(timeout);
    ReadCall call = new ReadCall(keys, columns, encoder, rowKeys);
    List<CompletableFuture<Void>> parts = new ArrayList<>(1);
    for (int from = 0; from < call.size(); from += ReadCall.PART) {
      parts.add(read(call.part(from, redisEntries), redis));
    }
    CompletableFuture<Void> all =
        parts.size() == 1
            ? parts.get(0)
            : CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new));
    return all.thenApply(done -> call.answer());
  }

  private CompletableFuture<Void> read(Part part, Deadline redis) {
    if (!redisEntries.isReadable()) {
      return fromHBase(part).thenAccept(stored -> {});
    }
    return missShare.value() >= MOSTLY_MISSES && redisEntries.leasesRead()
        ? withLeases(part, redis, true)
        : fromRedis(part, redis);
  }

  private CompletableFuture<Void> fromRedis(Part part, Deadline redis) {
    return redisEntries
        .read(part.rows(), part.call().columns(), redis)
        .handle(
            (found, failure) -> {
              if (failure != null) {
                rethrowClosed(failure);
                return fromHBase(part).<Void>thenApply(stored -> null);
              }
              int[] missed = answer(part, found);
              missShare.add((double) missed.length / part.size());
              return missed.length == 0
                  ? CompletableFuture.<Void>completedFuture(null)
                  : withLeases(part.of(missed), redis, false);
            })
        .thenCompose(next -> next);
  }

  /**
   * Sets the answers that Redis has. Returns the positions of the rows that must be read from
   * HBase.
   */
  private int[] answer(Part part, List<@Nullable RowState> found) {
    long now = clock.millis();
    int size = found.size();
    int[] missed = new int[size];
    int misses = 0;
    int negative = 0;
    for (int i = 0; i < size; i++) {
      RowState stored = found.get(i);
      if (stored == null) {
        missed[misses++] = i;
      } else if (stored instanceof RowState.Present row && now < row.expiresAt()) {
        part.answer(i, new Put(part.keys().get(i), row.row(), row.version(), row.expiresAt()));
      } else {
        negative++;
      }
    }
    meter.count("redis.hit", size - misses - negative);
    meter.count("redis.negative", negative);
    return misses == size ? missed : Arrays.copyOf(missed, misses);
  }

  /**
   * Takes leases, then reads HBase and fills Redis. If Redis fails, reads HBase and fills nothing.
   *
   * @param redis how long to wait for Redis
   * @param first whether this is the first request to Redis for these keys
   */
  private CompletableFuture<Void> withLeases(Part part, Deadline redis, boolean first) {
    byte[] lease = EntryCodec.lease(process, leases.incrementAndGet());
    long leasedAt = System.nanoTime();
    return redisEntries
        .lease(lease, part.rows(), part.call().columns(), redis)
        .handle(
            (leased, failure) -> {
              if (failure != null) {
                rethrowClosed(failure);
                // Redis may answer reads although it gives no leases: the next call begins with a
                // read.
                missShare.reset(0);
                meter.count("redis.miss", first ? 0 : part.size());
                return fromHBase(part).<Void>thenApply(stored -> null);
              }
              if (leased.entries().isEmpty()) {
                if (first) {
                  missShare.add(1);
                }
                return fill(part, leased.leases(), leasedAt, redis);
              }
              int[] missed = answer(part, leased.entries());
              if (first) {
                missShare.add((double) missed.length / part.size());
              }
              List<byte[]> held = new ArrayList<>(missed.length);
              for (int i : missed) {
                held.add(leased.leases().get(i));
              }
              return fill(part.of(missed), held, leasedAt, redis);
            })
        .thenCompose(next -> next);
  }

  private CompletableFuture<Void> fill(
      Part missed, List<byte[]> held, long leasedAt, Deadline redis) {
    meter.count("redis.miss", missed.size());
    if (missed.size() == 0) {
      return CompletableFuture.completedFuture(null);
    }
    // The time that HBase takes does not count: the fill may use what was left of Redis' time
    // before.
    Duration left = Duration.ofNanos(Math.max(0, redis.remainingNanos()));
    return fromHBase(missed).thenCompose(stored -> fill(held, leasedAt, missed, stored, left));
  }

  private CompletableFuture<List<RowState>> fromHBase(Part part) {
    long now = clock.millis();
    long start = System.nanoTime();
    return hbaseRows
        .read(part.keys(), part.rows().keys(), part.call().columns(), now, part.call()::unreadable)
        .whenComplete(
            (stored, failure) -> slow.hbaseTook(System.nanoTime() - start, failure != null))
        .thenApply(
            stored -> {
              int rows = 0;
              for (int i = 0; i < part.size(); i++) {
                Put answer = stored.get(i).answer(part.keys().get(i), part.call().columns(), now);
                part.answer(i, answer);
                rows += answer == null ? 0 : 1;
              }
              meter.count("hbase.hit", rows);
              meter.count("hbase.negative", part.size() - rows);
              return stored;
            });
  }

  /**
   * Fills Redis with what HBase answered, before the caller gets the answer. Otherwise a reader
   * that read HBase earlier could fill in an older row after this answer, and the next answer would
   * be older than this one.
   *
   * @param left how long to wait for Redis
   */
  private CompletableFuture<Void> fill(
      List<byte[]> held, long leasedAt, Part part, List<RowState> stored, Duration left) {
    List<byte[]> values = new ArrayList<>(stored.size());
    for (int i = 0; i < held.size(); i++) {
      boolean unreadable = part.call().isUnreadable(part.keys().get(i));
      byte[] entry = unreadable ? null : entries.encode(stored.get(i));
      if (entry == null) {
        // No entry can represent this row: remove whatever Redis has.
        held.set(i, EntryScripts.NO_LEASE);
        entry = EntryCodec.negative();
      }
      values.add(entry);
    }
    int asked = leased(held);
    return redisEntries
        .fill(held, part.rows(), values, Deadline.after(left))
        .handle(
            (reconciled, failure) -> {
              if (failure == null) {
                meter.count("fill", reconciled.created());
                boolean late = System.nanoTime() - leasedAt > leaseNanos;
                meter.count(late ? "fill.late" : "fill.invalidated", asked - reconciled.created());
              } else {
                rethrowClosed(failure);
              }
              return null;
            });
  }

  private static int leased(List<byte[]> held) {
    int leased = 0;
    for (byte[] lease : held) {
      leased += lease.length > 0 ? 1 : 0;
    }
    return leased;
  }

  private static void rethrowClosed(Throwable failure) {
    StoreException known = StoreException.find(failure);
    if (known != null && known.kind() == Kind.CLOSED) {
      throw known;
    }
  }
}
