// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.simulated;

import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.FeedPage;
import io.dimstore.spi.FeedPosition;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.tck.harness.Provocation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A table whose calls all go through the admission of its {@link SimulatedStore}. */
final class SimulatedTable extends DelegatingTable {

  private final SimulatedStore store;

  SimulatedTable(DimensionTable inner, SimulatedStore store) {
    super(inner);
    this.store = store;
  }

  @Override
  public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
    return store.call(keys.size(), () -> read(keys, columns));
  }

  private CompletionStage<List<Put>> read(List<Key> keys, Projection columns) {
    if (store.server().simulates(Provocation.NOTHING_PROCESSED)
        || store.server().simulates(Provocation.ONE_UNPROCESSED)) {
      return new CompletableFuture<>();
    }
    if (!store.server().simulates(Provocation.PARTIAL_ANSWERS) || keys.size() < 2) {
      return super.get(keys, columns);
    }
    int part = (keys.size() + 1) / 2;
    return super.get(keys.subList(0, part), columns)
        .thenCompose(
            first ->
                read(keys.subList(part, keys.size()), columns)
                    .thenApply(
                        rest -> {
                          List<Put> all = new ArrayList<>(first);
                          all.addAll(rest);
                          return all;
                        }));
  }

  @Override
  public CompletionStage<Void> write(List<Change> changes) {
    return store.call(
        changes.size(),
        () ->
            store.server().simulates(Provocation.HALF_WRITES) && changes.size() > 1
                ? super.write(changes.subList(0, changes.size() / 2))
                    .thenCompose(half -> SimulatedStore.failed(Kind.UNAVAILABLE))
                : super.write(changes));
  }

  @Override
  public CompletionStage<List<ScanSplit>> splits(int desired, ScanOptions options) {
    return store.call(1, () -> super.splits(desired, options));
  }

  @Override
  public CompletionStage<ScanPage> scan(ScanSplit split, int maxEntries) {
    return store.call(1, () -> super.scan(split, maxEntries));
  }

  @Override
  public CompletionStage<List<FeedPosition>> follow(Start start) {
    return store.call(1, () -> super.follow(start));
  }

  @Override
  public CompletionStage<FeedPage> poll(FeedPosition position, int maxChanges) {
    return store.call(1, () -> super.poll(position, maxChanges));
  }

  @Override
  public CompletionStage<Repair> repair(int maxKeys) {
    return store.call(1, () -> super.repair(maxKeys));
  }

  @Override
  public CompletionStage<Backlog> backlog(int maxKeys) {
    return store.call(1, () -> super.backlog(maxKeys));
  }

  @Override
  public CompletionStage<List<ScanSplit>> checkSplits(int desired) {
    return store.call(1, () -> super.checkSplits(desired));
  }

  @Override
  public CompletionStage<CheckPage> check(ScanSplit split, int maxKeys, boolean heal) {
    return store.call(1, () -> super.check(split, maxKeys, heal));
  }

  @Override
  public CompletionStage<PurgePage> purge(ScanSplit split, int maxKeys) {
    return store.call(1, () -> super.purge(split, maxKeys));
  }
}
