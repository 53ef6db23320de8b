// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck;

import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.TableSpec;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/** A store that delegates every call; subclasses override some of them. */
class DelegatingStore implements DimensionStore {

  private final DimensionStore inner;
  private final UnaryOperator<DimensionTable> breaking;

  DelegatingStore(DimensionStore inner, UnaryOperator<DimensionTable> breaking) {
    this.inner = inner;
    this.breaking = breaking;
  }

  @Override
  public DimensionTable table(TableSpec spec) {
    return breaking.apply(inner.table(spec));
  }

  @Override
  public CompletionStage<Void> createIfAbsent(TableSpec spec) {
    return inner.createIfAbsent(spec);
  }

  @Override
  public CompletionStage<Void> validate(TableSpec spec) {
    return inner.validate(spec);
  }

  @Override
  public CompletionStage<Void> ping() {
    return inner.ping();
  }

  @Override
  public void close() {
    inner.close();
  }
}
