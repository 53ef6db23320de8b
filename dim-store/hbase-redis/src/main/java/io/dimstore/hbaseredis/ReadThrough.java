package io.dimstore.hbaseredis;

import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
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

  private static final int BATCH = 500;
  private static final byte[] NO_LEASE = {};

  /** The place of a key that the table cannot hold. */
  private static final int NO_PLACE = -1;

  private static final int SHARE_BITS = 10;

  /**
   * From this share of misses on, leases are taken at once, which also reads what is there: a round
   * trip less for a miss, and more work in Redis for a hit.
   */
  private static final int MOSTLY_MISSES = 3 << SHARE_BITS - 2;

  /** Fibonacci hashing: near hash codes go far apart. */
  private static final int HASH_SPREAD = 0x9e3779b9;

  private final ChangeEncoder encoder;
  private final Layout layout;
  private final EntryCodec entries;
  private final Truth truth;
  private final RedisCopy copy;
  private final Breaker breaker;
  private final Meter meter;
  private final InstantSource clock;
  private final long process = ThreadLocalRandom.current().nextLong();
  private final AtomicLong leases = new AtomicLong();
  private final long leaseNanos;

  /** The share of rows that Redis had nothing of, lately; 1 is {@code 1 << SHARE_BITS}. */
  private volatile int missShare;

  ReadThrough(
      ChangeEncoder encoder,
      Layout layout,
      EntryCodec entries,
      Truth truth,
      RedisCopy copy,
      Breaker breaker,
      Meter meter,
      InstantSource clock,
      Duration lease) {
    this.encoder = encoder;
    this.layout = layout;
    this.entries = entries;
    this.truth = truth;
    this.copy = copy;
    this.breaker = breaker;
    this.meter = meter;
    this.clock = clock;
    this.leaseNanos = lease.toNanos();
  }

  CompletionStage<List<@Nullable Put>> get(List<Key> keys, Projection columns) {
    Call call = new Call(keys, columns);
    List<CompletableFuture<Void>> batches = new ArrayList<>(1);
    int size = call.keys.size();
    for (int from = 0; from < size; from += BATCH) {
      batches.add(batch(call, from, Math.min(from + BATCH, size)));
    }
    CompletableFuture<Void> all =
        batches.size() == 1
            ? batches.get(0)
            : CompletableFuture.allOf(batches.toArray(CompletableFuture[]::new));
    return all.thenApply(done -> call.answer());
  }

  /** One call: each key that the table can hold once, and the places that its answer goes to. */
  private final class Call {
    final Projection columns;
    final List<Key> keys;
    final List<byte[]> rowKeys;
    final int[] places;
    final @Nullable Put[] answers;
    final Set<Key> corrupt = Collections.synchronizedSet(new LinkedHashSet<>());
    volatile @Nullable StoreException firstCorrupt;

    Call(List<Key> asked, Projection columns) {
      int size = asked.size();
      this.columns = columns;
      this.keys = new ArrayList<>(size);
      this.rowKeys = new ArrayList<>(size);
      this.places = new int[size];
      // The places of the keys so far, plus one, each where its hash says or at the next free
      // position. At most half of it is used.
      int[] known = new int[Math.max(2, Integer.highestOneBit(Math.max(1, size)) << 2)];
      for (int i = 0; i < size; i++) {
        places[i] = place(asked.get(i), known);
      }
      this.answers = new @Nullable Put[keys.size()];
    }

    private int place(Key key, int[] known) {
      int mask = known.length - 1;
      int at = key.hashCode() * HASH_SPREAD >>> Integer.numberOfLeadingZeros(mask);
      while (known[at] != 0) {
        if (keys.get(known[at] - 1).equals(key)) {
          return known[at] - 1;
        }
        at = at + 1 & mask;
      }
      if (!add(key)) {
        return NO_PLACE;
      }
      known[at] = keys.size();
      return keys.size() - 1;
    }

    private boolean add(Key key) {
      byte[] rowKey = encoder.isKey(key) ? layout.keys().encode(key) : null;
      if (rowKey == null) {
        return false;
      }
      keys.add(key);
      rowKeys.add(rowKey);
      return true;
    }

    void unreadable(Key key, StoreException why) {
      corrupt.add(key);
      firstCorrupt = why;
    }

    List<@Nullable Put> answer() {
      StoreException why = firstCorrupt;
      if (why != null) {
        throw new StoreException(
            Kind.CORRUPT, String.valueOf(why.getMessage()), List.copyOf(corrupt), why);
      }
      if (keys.size() == places.length) {
        return Arrays.asList(answers);
      }
      List<@Nullable Put> answer = new ArrayList<>(places.length);
      for (int place : places) {
        answer.add(place < 0 ? null : answers[place]);
      }
      return answer;
    }
  }

  /**
   * A part of a call, read with one request to each server.
   *
   * @param places where its answers go
   */
  private record Batch(Call call, List<Key> keys, RedisCopy.Rows rows, int[] places) {

    int size() {
      return places.length;
    }

    Batch of(int[] chosen) {
      if (chosen.length == places.length) {
        return this;
      }
      List<Key> some = new ArrayList<>(chosen.length);
      int[] somePlaces = new int[chosen.length];
      for (int i = 0; i < chosen.length; i++) {
        some.add(keys.get(chosen[i]));
        somePlaces[i] = places[chosen[i]];
      }
      return new Batch(call, some, rows.of(chosen), somePlaces);
    }
  }

  private CompletableFuture<Void> batch(Call call, int from, int to) {
    int[] places = new int[to - from];
    for (int i = 0; i < places.length; i++) {
      places[i] = from + i;
    }
    boolean whole = places.length == call.keys.size();
    Batch batch =
        new Batch(
            call,
            whole ? call.keys : call.keys.subList(from, to),
            copy.rows(whole ? call.rowKeys : call.rowKeys.subList(from, to)),
            places);
    if (!breaker.allowsReads()) {
      return fromTruth(batch).thenAccept(stored -> {});
    }
    return missShare >= MOSTLY_MISSES && copy.leasesRead()
        ? withLeases(batch, true)
        : fromCopy(batch);
  }

  private CompletableFuture<Void> fromCopy(Batch batch) {
    return copy.read(batch.rows, batch.call.columns)
        .handle(
            (found, failure) -> {
              if (failure != null) {
                rethrowClosed(failure);
                return fromTruth(batch).<Void>thenApply(stored -> null);
              }
              int[] missed = answer(batch, found);
              learn(missed.length, batch.size());
              return missed.length == 0
                  ? CompletableFuture.<Void>completedFuture(null)
                  : withLeases(batch.of(missed), false);
            })
        .thenCompose(next -> next);
  }

  /** Gives the answers that Redis has, and says which rows HBase has to be asked for. */
  private int[] answer(Batch batch, List<@Nullable Stored> found) {
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
        batch.call.answers[batch.places[i]] =
            new Put(batch.keys.get(i), row.row(), row.version(), row.expiresAt());
      } else {
        negative++;
      }
    }
    meter.count("redis.hit", size - misses - negative);
    meter.count("redis.negative", negative);
    return misses == size ? missed : Arrays.copyOf(missed, misses);
  }

  // Readers race on it: a step that is lost is made up for by the next.
  private void learn(int misses, int rows) {
    missShare += ((misses << SHARE_BITS) / rows - missShare) >> 3;
  }

  /**
   * Without leases where Redis gives none: then nothing is filled in.
   *
   * @param first whether Redis has not been asked what it has
   */
  private CompletableFuture<Void> withLeases(Batch batch, boolean first) {
    byte[] lease = EntryCodec.lease(process, leases.incrementAndGet());
    long leasedAt = System.nanoTime();
    return copy.lease(lease, batch.rows, batch.call.columns)
        .handle(
            (leased, failure) -> {
              if (failure != null) {
                rethrowClosed(failure);
                // Redis may still answer reads.
                missShare = 0;
                meter.count("redis.miss", first ? 0 : batch.size());
                return fromTruth(batch).<Void>thenApply(stored -> null);
              }
              if (leased.entries().isEmpty()) {
                if (first) {
                  learn(batch.size(), batch.size());
                }
                return fill(batch, leased.leases(), leasedAt);
              }
              int[] missed = answer(batch, leased.entries());
              if (first) {
                learn(missed.length, batch.size());
              }
              List<byte[]> held = new ArrayList<>(missed.length);
              for (int i : missed) {
                held.add(leased.leases().get(i));
              }
              return fill(batch.of(missed), held, leasedAt);
            })
        .thenCompose(next -> next);
  }

  private CompletableFuture<Void> fill(Batch missed, List<byte[]> held, long leasedAt) {
    meter.count("redis.miss", missed.size());
    return missed.size() == 0
        ? CompletableFuture.completedFuture(null)
        : fromTruth(missed).thenCompose(stored -> fill(held, leasedAt, missed, stored));
  }

  private CompletableFuture<List<Stored>> fromTruth(Batch batch) {
    long now = clock.millis();
    return truth
        .read(batch.keys, batch.rows.keys(), batch.call.columns, now, batch.call::unreadable)
        .thenApply(
            stored -> {
              for (int i = 0; i < batch.places.length; i++) {
                batch.call.answers[batch.places[i]] =
                    stored.get(i).answer(batch.keys.get(i), batch.call.columns, now);
              }
              return stored;
            });
  }

  /**
   * Tells Redis what HBase said, before the caller is told: else a reader that asked HBase earlier
   * could fill in something older after this answer, and the next answer would go back behind it.
   */
  private CompletableFuture<Void> fill(
      List<byte[]> held, long leasedAt, Batch batch, List<Stored> stored) {
    List<byte[]> values = new ArrayList<>(stored.size());
    boolean allReadable = batch.call.corrupt.isEmpty();
    for (int i = 0; i < held.size(); i++) {
      boolean readable = allReadable || !batch.call.corrupt.contains(batch.keys.get(i));
      byte[] entry = readable ? entries.encode(stored.get(i)) : null;
      if (entry == null) {
        // No entry can say it: whatever is there goes.
        held.set(i, NO_LEASE);
        entry = EntryCodec.negative();
      }
      values.add(entry);
    }
    int asked = leased(held);
    return copy.fill(held, batch.rows, values)
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
