package io.dimstore.hbaseredis;

import io.dimstore.hbaseredis.Comparison.Verdict;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.StoreException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.hadoop.hbase.client.Result;
import org.jspecify.annotations.Nullable;

/**
 * What HBase and Redis hold of the same keys, looked at one after the other, and how the two
 * compare. Thread-safe.
 */
final class BothCopies {

  private final RowKeys rowKeys;
  private final Comparison comparison;
  private final Truth truth;
  private final RedisCopy copy;
  private final InstantSource clock;
  private final Projection all;

  BothCopies(Layout layout, EntryCodec entries, Truth truth, RedisCopy copy, InstantSource clock) {
    this.rowKeys = layout.keys();
    this.comparison = new Comparison(layout, entries);
    this.truth = truth;
    this.copy = copy;
    this.clock = clock;
    this.all = Projection.all(layout.slots().length);
  }

  /**
   * One look at a key.
   *
   * @param key its name, which may be of a row that is no key of the table
   * @param rowKey the key as both servers know it
   * @param truth what HBase holds, null where it cannot be read
   * @param entry what Redis holds, null where there is nothing
   * @param verdict how they compare
   */
  record Looked(
      Key key, byte[] rowKey, @Nullable Stored truth, byte @Nullable [] entry, Verdict verdict) {

    /** Whether both said the same as at another look at the key. */
    boolean saysAs(Looked other) {
      return Comparison.isSame(truth, other.truth) && Arrays.equals(entry, other.entry);
    }
  }

  /** Asks both, HBase first. */
  CompletableFuture<List<Looked>> look(List<byte[]> rowKeys) {
    List<Key> keys = rowKeys.stream().map(this.rowKeys::name).toList();
    if (keys.isEmpty()) {
      return CompletableFuture.completedFuture(List.of());
    }
    Set<Key> corrupt = new HashSet<>();
    return truth
        .read(keys, rowKeys, all, clock.millis(), (key, why) -> corrupt.add(key))
        .thenCompose(
            read -> {
              List<@Nullable Stored> stored = new ArrayList<>(read);
              for (int i = 0; i < keys.size(); i++) {
                if (corrupt.contains(keys.get(i))) {
                  stored.set(i, null);
                }
              }
              return withEntries(keys, rowKeys, stored);
            });
  }

  /** Asks Redis alone: HBase has answered with these rows. */
  CompletableFuture<List<Looked>> lookFrom(List<Result> results) {
    long now = clock.millis();
    List<byte[]> rowKeys = results.stream().map(Result::getRow).toList();
    List<Key> keys = rowKeys.stream().map(this.rowKeys::name).toList();
    List<@Nullable Stored> stored = new ArrayList<>(results.size());
    for (int i = 0; i < results.size(); i++) {
      stored.add(decoded(keys.get(i), results.get(i), now));
    }
    return withEntries(keys, rowKeys, stored);
  }

  private @Nullable Stored decoded(Key key, Result result, long now) {
    try {
      return truth.decode(key, result, all, now);
    } catch (StoreException e) {
      return null;
    }
  }

  private CompletableFuture<List<Looked>> withEntries(
      List<Key> keys, List<byte[]> rowKeys, List<@Nullable Stored> stored) {
    if (keys.isEmpty()) {
      return CompletableFuture.completedFuture(List.of());
    }
    return copy.read(rowKeys)
        .thenApply(
            entries -> {
              long now = clock.millis();
              List<Looked> looked = new ArrayList<>(keys.size());
              for (int i = 0; i < keys.size(); i++) {
                Verdict verdict = comparison.of(stored.get(i), entries.get(i), now);
                looked.add(
                    new Looked(
                        keys.get(i), rowKeys.get(i), stored.get(i), entries.get(i), verdict));
              }
              return looked;
            });
  }
}
