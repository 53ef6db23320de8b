// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.faults;

import io.dimstore.spi.Change;
import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Maintenance;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.RowUpdates;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoredChanges;
import io.dimstore.tck.faults.FaultyStore.Call;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A table whose calls meet the plan's faults. */
final class FaultyTable implements DimensionTable {

  private final DimensionTable inner;
  private final FaultPlan plan;

  FaultyTable(DimensionTable inner, FaultPlan plan) {
    this.inner = inner;
    this.plan = plan;
  }

  @Override
  public CompletionStage<List<@Nullable Put>> get(List<Key> keys, Projection columns) {
    return plan.run(Call.GET, () -> inner.get(keys, columns));
  }

  @Override
  public CompletionStage<Void> write(List<Change> changes) {
    return plan.run(
        Call.WRITE,
        () -> inner.write(changes),
        () -> inner.write(changes.subList(0, changes.size() / 2)));
  }

  @Override
  public CompletionStage<List<ScanSplit>> splits(int desired, ScanOptions options) {
    return plan.run(Call.SPLITS, () -> inner.splits(desired, options));
  }

  @Override
  public CompletionStage<ScanPage> scan(ScanSplit split, int maxEntries) {
    return plan.run(Call.SCAN, () -> inner.scan(split, maxEntries));
  }

  /** Wraps capabilities that send requests, so that they meet faults; returns others unchanged. */
  @Override
  public <T> Optional<T> capability(Class<T> type) {
    if (type.isInstance(this)) {
      return Optional.of(type.cast(this));
    }
    if (type == Maintenance.class) {
      return inner
          .capability(Maintenance.class)
          .map(found -> type.cast(new FaultyMaintenance(found, plan)));
    }
    if (type == ChangeFeed.class) {
      return inner
          .capability(ChangeFeed.class)
          .map(found -> type.cast(new FaultyChangeFeed(found, plan)));
    }
    if (type == StoredChanges.class) {
      return inner
          .capability(StoredChanges.class)
          .map(
              found ->
                  type.cast(
                      (StoredChanges) keys -> plan.run(Call.STORED, () -> found.stored(keys))));
    }
    if (type == RowUpdates.class) {
      return inner
          .capability(RowUpdates.class)
          .map(
              found ->
                  type.cast(
                      (RowUpdates)
                          (keys, update) ->
                              plan.run(Call.UPDATE, () -> found.update(keys, update))));
    }
    return inner.capability(type);
  }
}
