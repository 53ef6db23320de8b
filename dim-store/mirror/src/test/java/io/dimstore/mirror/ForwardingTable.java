// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror;

import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Passes every call on to another table. */
public class ForwardingTable implements DimensionTable {

  private final DimensionTable inner;

  public ForwardingTable(DimensionTable inner) {
    this.inner = inner;
  }

  @Override
  public CompletionStage<List<@Nullable Put>> get(List<Key> keys, Projection columns) {
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
    return inner.capability(type);
  }
}
