package io.dimstore.hbaseredis;

import io.dimstore.hbaseredis.Marks.Mark;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.StoreException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.apache.hadoop.hbase.client.Delete;
import org.apache.hadoop.hbase.util.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Brings Redis in step with HBase for the keys of some marks: reads HBase, tells Redis under the
 * guard of versions, and removes the marks whose batches have ended. Thread-safe.
 */
final class Reconciler {

  private final Layout layout;
  private final Truth truth;
  private final RedisCopy copy;
  private final EntryCodec entries;
  private final Marks marks;
  private final Meter meter;
  private final InstantSource clock;

  Reconciler(
      Layout layout,
      Truth truth,
      RedisCopy copy,
      EntryCodec entries,
      Marks marks,
      Meter meter,
      InstantSource clock) {
    this.layout = layout;
    this.truth = truth;
    this.copy = copy;
    this.entries = entries;
    this.marks = marks;
    this.meter = meter;
    this.clock = clock;
  }

  /**
   * What became of some marks.
   *
   * @param healed entries that were replaced or removed
   * @param failure why Redis, or a part of it, could not be updated; the marks stay
   */
  record Outcome(long healed, @Nullable StoreException failure) {}

  /** Reconciles the keys of these marks; fails where HBase does. */
  CompletableFuture<Outcome> reconcile(List<Mark> some) {
    TreeSet<byte[]> distinct = new TreeSet<>(Bytes.BYTES_COMPARATOR);
    some.forEach(mark -> distinct.addAll(mark.rowKeys()));
    List<byte[]> rowKeys = List.copyOf(distinct);
    meter.count("reconcile.keys", rowKeys.size());
    return (rowKeys.isEmpty()
            ? CompletableFuture.completedFuture(new Outcome(0, null))
            : reconcileRows(rowKeys))
        .thenCompose(
            outcome ->
                (outcome.failure == null
                        ? marks.removeAll(some.stream().filter(Mark::isOver).toList())
                        : CompletableFuture.<Void>completedFuture(null))
                    .thenApply(removed -> outcome));
  }

  private CompletableFuture<Outcome> reconcileRows(List<byte[]> rowKeys) {
    List<Key> keys = rowKeys.stream().map(layout.keys()::name).toList();
    return truth
        .read(
            keys,
            rowKeys,
            Projection.all(layout.slots().length),
            clock.millis(),
            (key, unreadable) -> meter.count("repair.corrupt", 1))
        .thenCompose(
            stored -> {
              List<byte[]> values = new ArrayList<>(stored.size());
              List<Delete> markers = new ArrayList<>();
              for (int i = 0; i < stored.size(); i++) {
                byte[] entry = entries.encode(stored.get(i));
                values.add(entry == null ? EntryCodec.negative() : entry);
                if (stored.get(i) instanceof Stored.Tombstone tombstone) {
                  Prepared.markers(layout, rowKeys.get(i), tombstone.version())
                      .ifPresent(markers::add);
                }
              }
              return truth.mark(markers).thenCompose(done -> tell(rowKeys, values));
            });
  }

  private CompletableFuture<Outcome> tell(List<byte[]> rowKeys, List<byte[]> values) {
    return copy.apply(rowKeys, values)
        .handle(
            (applied, failure) -> {
              if (failure != null) {
                return new Outcome(0, Failures.of("Redis", failure));
              }
              meter.count("repair.healed", applied.healed());
              return new Outcome(applied.healed(), null);
            });
  }
}
