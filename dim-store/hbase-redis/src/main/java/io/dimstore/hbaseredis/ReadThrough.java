package io.dimstore.hbaseredis;

import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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

  /** Of a key that the table cannot hold. */
  private static final Integer NO_PLACE = -1;

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
    List<CompletableFuture<Void>> batches = new ArrayList<>();
    int size = call.keys.size();
    for (int from = 0; from < size; from += BATCH) {
      int to = Math.min(from + BATCH, size);
      batches.add(
          batch(
              new Batch(call, call.keys.subList(from, to), call.rowKeys.subList(from, to), from)));
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
      this.columns = columns;
      this.keys = new ArrayList<>(asked.size());
      this.rowKeys = new ArrayList<>(asked.size());
      this.places = new int[asked.size()];
      Map<Key, Integer> known = new HashMap<>(asked.size() * 2);
      for (int i = 0; i < places.length; i++) {
        Key key = asked.get(i);
        Integer next = keys.size();
        Integer place = known.putIfAbsent(key, next);
        if (place == null && !add(key)) {
          known.put(key, NO_PLACE);
          place = NO_PLACE;
        }
        places[i] = place == null ? next : place;
      }
      this.answers = new @Nullable Put[keys.size()];
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
      List<@Nullable Put> answer = new ArrayList<>(places.length);
      for (int place : places) {
        answer.add(place < 0 ? null : answers[place]);
      }
      return answer;
    }
  }

  /** A part of a call, read with one request to each server. */
  private record Batch(Call call, List<Key> keys, List<byte[]> rowKeys, int at) {

    Batch of(List<Integer> chosen) {
      List<Key> someKeys = new ArrayList<>(chosen.size());
      List<byte[]> someRows = new ArrayList<>(chosen.size());
      for (int i : chosen) {
        someKeys.add(keys.get(i));
        someRows.add(rowKeys.get(i));
      }
      return new Batch(call, someKeys, someRows, -1);
    }
  }

  private CompletableFuture<Void> batch(Batch batch) {
    int[] places = new int[batch.keys.size()];
    for (int i = 0; i < places.length; i++) {
      places[i] = batch.at + i;
    }
    if (!breaker.allowsReads()) {
      return fromTruth(batch, places).thenAccept(stored -> {});
    }
    return copy.read(batch.rowKeys, batch.call.columns)
        .handle(
            (found, failure) -> {
              if (failure == null) {
                return fromCopy(batch, places, found);
              }
              rethrowClosed(failure);
              return fromTruth(batch, places).<Void>thenApply(stored -> null);
            })
        .thenCompose(next -> next);
  }

  private CompletableFuture<Void> fromCopy(
      Batch batch, int[] places, List<byte @Nullable []> found) {
    long now = clock.millis();
    List<Integer> missed = new ArrayList<>();
    long negative = 0;
    for (int i = 0; i < places.length; i++) {
      byte[] entry = found.get(i);
      Stored stored = entry == null ? null : decode(entry, batch.call.columns);
      if (stored == null) {
        missed.add(i);
      } else if (stored instanceof Stored.Present row && now < row.expiresAt()) {
        batch.call.answers[places[i]] =
            new Put(batch.keys.get(i), row.row(), row.version(), row.expiresAt());
      } else {
        negative++;
      }
    }
    meter.count("redis.hit", places.length - missed.size() - negative);
    meter.count("redis.negative", negative);
    meter.count("redis.miss", missed.size());
    if (missed.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    int[] missedPlaces = missed.stream().mapToInt(i -> places[i]).toArray();
    return fillFromTruth(batch.of(missed), missedPlaces);
  }

  private @Nullable Stored decode(byte[] entry, Projection columns) {
    try {
      return entries.decode(entry, columns);
    } catch (RuntimeException e) {
      // A copy that cannot be read is no copy: the truth answers.
      meter.count("redis.corrupt", 1);
      return null;
    }
  }

  /** Without leases where Redis gives none: then nothing is filled in. */
  private CompletableFuture<Void> fillFromTruth(Batch missed, int[] places) {
    byte[] lease = EntryCodec.lease(process, leases.incrementAndGet());
    long leasedAt = System.nanoTime();
    return copy.lease(lease, missed.rowKeys)
        .handle(
            (held, failure) -> {
              if (failure == null) {
                return held;
              }
              rethrowClosed(failure);
              return List.<byte[]>of();
            })
        .thenCompose(
            held ->
                fromTruth(missed, places)
                    .thenCompose(
                        stored ->
                            held.isEmpty()
                                ? CompletableFuture.completedFuture(null)
                                : fill(held, leasedAt, missed, stored)));
  }

  private CompletableFuture<List<Stored>> fromTruth(Batch batch, int[] places) {
    long now = clock.millis();
    return truth
        .read(batch.keys, batch.rowKeys, batch.call.columns, now, batch.call::unreadable)
        .thenApply(
            stored -> {
              for (int i = 0; i < places.length; i++) {
                batch.call.answers[places[i]] =
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
    for (int i = 0; i < held.size(); i++) {
      boolean readable = !batch.call.corrupt.contains(batch.keys.get(i));
      byte[] entry = readable ? entries.encode(stored.get(i)) : null;
      if (entry == null) {
        // No entry can say it: whatever is there goes.
        held.set(i, NO_LEASE);
        entry = EntryCodec.negative();
      }
      values.add(entry);
    }
    long asked = held.stream().filter(lease -> lease.length > 0).count();
    return copy.fill(held, batch.rowKeys, values)
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

  private static void rethrowClosed(Throwable failure) {
    StoreException known = StoreException.find(failure);
    if (known != null && known.kind() == Kind.CLOSED) {
      throw known;
    }
  }
}
