// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoredChanges;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** The rows of one table of the target, as blocking calls. Thread-safe. */
final class TargetTable implements TargetRows {

  private final DimensionTable table;
  private final Projection all;
  private final Optional<StoredChanges> stored;

  TargetTable(DimensionTable table, Projection all) {
    this.table = table;
    this.all = all;
    this.stored = table.capability(StoredChanges.class);
  }

  /**
   * {@inheritDoc}
   *
   * <p>A store without {@link StoredChanges} is read by lookups, which show no tombstones. The
   * version of a row that a tombstone of such a store supersedes is then found by trial.
   */
  @Override
  public List<@Nullable Change> stored(List<Key> keys) throws InterruptedException {
    return stored.isPresent()
        ? await(stored.get().stored(keys))
        : new ArrayList<@Nullable Change>(await(table.get(keys, all)));
  }

  @Override
  public void write(List<Change> changes) throws InterruptedException {
    await(table.write(changes));
  }

  private static <T extends @Nullable Object> T await(CompletionStage<T> answer)
      throws InterruptedException {
    try {
      return answer.toCompletableFuture().get();
    } catch (ExecutionException e) {
      StoreException known = StoreException.find(e);
      throw known != null
          ? known
          : new StoreException(Kind.UNAVAILABLE, "The target failed: " + e.getCause(), e);
    }
  }
}
