// SPDX-License-Identifier: Apache-2.0
package io.dimstore.writer;

import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStoreFactory;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Maintenance;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption;
import io.dimstore.spi.TableSpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;

/**
 * A fake store with a cache. It has pending keys to repair and differences to find, and nothing
 * else. One in five keys differs. A check has a page for each key.
 */
public final class FakeCachedStore implements DimensionStoreFactory {

  private static final StoreOption<Integer> PENDING =
      StoreOption.integer("pending", 0, -1, 1_000, "How many; -1 fails.");

  @Override
  public String id() {
    return "two-copies";
  }

  @Override
  public Set<StoreOption<?>> options() {
    return Set.of(PENDING);
  }

  @Override
  public DimensionStore open(StoreConfig config, StoreMetrics metrics, InstantSource clock) {
    metrics.gauge("second.state", 0);
    return new Store(config.get(PENDING));
  }

  private record Store(int pending) implements DimensionStore {

    @Override
    public DimensionTable table(TableSpec spec) {
      return new Table(pending);
    }

    @Override
    public CompletionStage<Void> createIfAbsent(TableSpec spec) {
      return none();
    }

    @Override
    public CompletionStage<Void> validate(TableSpec spec) {
      return spec.name().equals("missing")
          ? CompletableFuture.failedFuture(
              new StoreException(StoreException.Kind.NO_TABLE, "There is no table missing"))
          : CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> ping() {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void close() {}
  }

  private static final class Table implements DimensionTable, Maintenance {

    private int pending;

    Table(int pending) {
      this.pending = pending;
    }

    @Override
    public CompletionStage<Repair> repair(int maxKeys) {
      if (pending < 0) {
        return CompletableFuture.failedFuture(
            new StoreException(StoreException.Kind.UNAVAILABLE, "The second copy is away"));
      }
      int examined = Math.min(maxKeys, pending);
      pending -= examined;
      return CompletableFuture.completedFuture(new Repair(examined, examined / 5, pending > 0));
    }

    @Override
    public CompletionStage<Backlog> backlog(int maxKeys) {
      return CompletableFuture.completedFuture(
          new Backlog(pending, false, Duration.ofSeconds(pending * 3L)));
    }

    @Override
    public CompletionStage<List<ScanSplit>> checkSplits(int desired) {
      return CompletableFuture.completedFuture(
          IntStream.range(0, Math.min(desired, pending))
              .mapToObj(i -> new ScanSplit(Integer.toString(i)))
              .toList());
    }

    @Override
    public CompletionStage<CheckPage> check(ScanSplit split, int maxKeys, boolean heal) {
      int number = Integer.parseInt(split.token());
      Difference.Kind[] kinds = Difference.Kind.values();
      return CompletableFuture.completedFuture(
          number % 5 == 0
              ? page(new Difference(Key.of(number), kinds[number / 5 % kinds.length], heal))
              : new CheckPage(
                  1, 1, number % 5 == 1 ? 0 : 1, number % 5 == 1 ? 1 : 0, 0, List.of(), null));
    }

    /** Purges one of three tombstones in each of two splits; each split has two pages. */
    @Override
    public CompletionStage<PurgePage> purge(ScanSplit split, int maxKeys) {
      boolean last = split.token().endsWith("+");
      return CompletableFuture.completedFuture(
          last
              ? new PurgePage(1, 0, 1, null)
              : new PurgePage(9, 1, 1, new ScanSplit(split.token() + "+")));
    }

    private static CheckPage page(Difference difference) {
      return new CheckPage(1, 2, 0, 0, 1, List.of(difference), null);
    }

    @Override
    public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
      return none();
    }

    @Override
    public CompletionStage<Void> write(List<Change> changes) {
      return none();
    }

    @Override
    public CompletionStage<List<ScanSplit>> splits(int desired, ScanOptions options) {
      return CompletableFuture.completedFuture(List.of(new ScanSplit("a"), new ScanSplit("b")));
    }

    @Override
    public CompletionStage<ScanPage> scan(ScanSplit split, int maxEntries) {
      return none();
    }
  }

  private static <T> CompletionStage<T> none() {
    return CompletableFuture.failedFuture(
        new UnsupportedOperationException("repair and check alone"));
  }
}
