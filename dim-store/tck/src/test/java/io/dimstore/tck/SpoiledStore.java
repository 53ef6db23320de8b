package io.dimstore.tck;

import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.TableSpec;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/** A store that passes on every call, for others to override one. */
class SpoiledStore implements DimensionStore {

  private final DimensionStore inner;
  private final UnaryOperator<DimensionTable> spoiling;

  SpoiledStore(DimensionStore inner, UnaryOperator<DimensionTable> spoiling) {
    this.inner = inner;
    this.spoiling = spoiling;
  }

  @Override
  public DimensionTable table(TableSpec spec) {
    return spoiling.apply(inner.table(spec));
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
