// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.store;

import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoredChanges;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Delegates every call to another table. Subclasses override some of them. */
public class TableProxy implements DimensionTable {

  protected final DimensionTable inner;

  public TableProxy(DimensionTable inner) {
    this.inner = inner;
  }

  @Override
  public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
    return inner.get(keys, columns);
  }

  @Override
  public CompletionStage<Void> write(List<Change> changes) {
    return inner.write(changes);
  }

  @Override
  public CompletionStage<List<ScanSplit>> splits(int desired, ScanOptions options) {
    return inner.splits(desired, options);
  }

  @Override
  public CompletionStage<ScanPage> scan(ScanSplit split, int maxEntries) {
    return inner.scan(split, maxEntries);
  }

  @Override
  public <T> Optional<T> capability(Class<T> type) {
    // Keys are read by scans, which subclasses disturb.
    return type == StoredChanges.class ? Optional.empty() : inner.capability(type);
  }
}
