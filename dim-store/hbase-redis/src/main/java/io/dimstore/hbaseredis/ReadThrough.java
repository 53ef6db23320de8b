package io.dimstore.hbaseredis;

import io.dimstore.hbaseredis.ReadCall.Part;
import io.dimstore.spi.Deadline;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
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
 * The way of a read: Redis, then HBase for what is not there, then Redis is filled. A fill needs a
 * lease that was there before HBase was asked and that no write has voided since, so it never
 * brings back what a write replaced. Readers of one key at one time share the lease. Thread-safe.
 */
final class ReadThrough {

  private final ChangeEncoder encoder;
  private final RowKeys rowKeys;
  private final EntryCodec entries;
  private final Truth truth;
  private final RedisCopy copy;
  private final SlowAnswers slow;
  private final Meter meter;
  private final InstantSource clock;
  private final long process = ThreadLocalRandom.current().nextLong();
  private final AtomicLong leases = new AtomicLong();
  private final long leaseNanos;
  private final Duration timeout;
  private final MissShare missShare = new MissShare();

  ReadThrough(
      ChangeEncoder encoder,
      Layout layout,
      EntryCodec entries,
      Truth truth,
      RedisCopy copy,
      Meter meter,
      InstantSource clock,
      Duration lease) {
    this.encoder = encoder;
    this.rowKeys = layout.keys();
    this.entries = entries;
    this.truth = truth;
    this.copy = copy;
    this.slow = copy.servers().slow();
    this.timeout = copy.servers().timeout();
    this.meter = meter;
    this.clock = clock;
    this.leaseNanos = lease.toNanos();
  }

  CompletionStage<List<@Nullable Put>> get(List<Key> keys, Projection columns) {
    Deadline redis = Deadline.after(timeout);
    ReadCall call = new ReadCall(keys, columns, encoder, rowKeys);
    List<CompletableFuture<Void>> parts = new ArrayList<>(1);
    for (int from = 0; from < call.size(); from += ReadCall.PART) {
      parts.add(read(call.part(from, copy), redis));
    }
    CompletableFuture<Void> all =
        parts.size() == 1
            ? parts.get(0)
            : CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new));
    return all.thenApply(done -> call.answer());
  }

  private CompletableFuture<Void> read(Part part, Deadline redis) {
    if (!copy.isReadable()) {
      return fromTruth(part).thenAccept(stored -> {});
    }
    return missShare.isHigh() && copy.leasesRead()
        ? withLeases(part, redis, true)
        : fromCopy(part, redis);
  }

  private CompletableFuture<Void> fromCopy(Part part, Deadline redis) {
    return copy.read(part.rows(), part.call().columns(), redis)
        .handle(
            (found, failure) -> {
              if (failure != null) {
                rethrowClosed(failure);
                return fromTruth(part).<Void>thenApply(stored -> null);
              }
              int[] missed = answer(part, found);
              missShare.learn(missed.length, part.size());
              return missed.length == 0
                  ? CompletableFuture.<Void>completedFuture(null)
                  : withLeases(part.of(missed), redis, false);
            })
        .thenCompose(next -> next);
  }

  /** Gives the answers that Redis has, and says which rows HBase has to be asked for. */
  private int[] answer(Part part, List<@Nullable Stored> found) {
    long now = clock.millis();
    int size = found.size();
    int[] missed = new int[size];
    int misses = 0;
    int negative = 0;
    for (int i = 0; i < size; i++) {
      Stored stored = found.get(i);
      if (stored == null) {
        missed[misses++] = i;
      } else if (stored instanceof Stored.Present row && now < row.expiresAt()) {
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
   * Without leases where Redis gives none: then nothing is filled in.
   *
   * @param redis until when Redis is waited for
   * @param first whether Redis has not been asked what it has
   */
  private CompletableFuture<Void> withLeases(Part part, Deadline redis, boolean first) {
    byte[] lease = EntryCodec.lease(process, leases.incrementAndGet());
    long leasedAt = System.nanoTime();
    return copy.lease(lease, part.rows(), part.call().columns(), redis)
        .handle(
            (leased, failure) -> {
              if (failure != null) {
                rethrowClosed(failure);
                // Redis may still answer reads.
                missShare.forget();
                meter.count("redis.miss", first ? 0 : part.size());
                return fromTruth(part).<Void>thenApply(stored -> null);
              }
              if (leased.entries().isEmpty()) {
                if (first) {
                  missShare.learn(part.size(), part.size());
                }
                return fill(part, leased.leases(), leasedAt, redis);
              }
              int[] missed = answer(part, leased.entries());
              if (first) {
                missShare.learn(missed.length, part.size());
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
    // The time that HBase takes is not Redis' own: the fill has what was left before.
    Duration left = Duration.ofNanos(Math.max(0, redis.remainingNanos()));
    return fromTruth(missed).thenCompose(stored -> fill(held, leasedAt, missed, stored, left));
  }

  private CompletableFuture<List<Stored>> fromTruth(Part part) {
    long now = clock.millis();
    long start = System.nanoTime();
    return truth
        .read(part.keys(), part.rows().keys(), part.call().columns(), now, part.call()::unreadable)
        .whenComplete((stored, failure) -> slow.hbaseTook(System.nanoTime() - start))
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
   * Tells Redis what HBase said, before the caller is told: else a reader that asked HBase earlier
   * could fill in something older after this answer, and the next answer would go back behind it.
   *
   * @param left how long Redis is waited for
   */
  private CompletableFuture<Void> fill(
      List<byte[]> held, long leasedAt, Part part, List<Stored> stored, Duration left) {
    List<byte[]> values = new ArrayList<>(stored.size());
    for (int i = 0; i < held.size(); i++) {
      boolean unreadable = part.call().isUnreadable(part.keys().get(i));
      byte[] entry = unreadable ? null : entries.encode(stored.get(i));
      if (entry == null) {
        // No entry can say it: whatever is there goes.
        held.set(i, EntryScripts.NO_LEASE);
        entry = EntryCodec.negative();
      }
      values.add(entry);
    }
    int asked = leased(held);
    return copy.fill(held, part.rows(), values, Deadline.after(left))
        .handle(
            (settled, failure) -> {
              if (failure == null) {
                meter.count("fill", settled.made());
                boolean late = System.nanoTime() - leasedAt > leaseNanos;
                meter.count(late ? "fill.late" : "fill.void", asked - settled.made());
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
