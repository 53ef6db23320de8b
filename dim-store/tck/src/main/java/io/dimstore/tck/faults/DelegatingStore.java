// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.faults;

import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.TableSpec;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/**
 * Delegates every call to another store. Subclasses override some of them, in order to disturb or
 * observe a store in a test.
 */
public class DelegatingStore implements DimensionStore {

  private final DimensionStore inner;
  private final UnaryOperator<DimensionTable> tables;

  /**
   * @param inner the store that gets the calls
   * @param tables wraps each of its tables
   */
  public DelegatingStore(DimensionStore inner, UnaryOperator<DimensionTable> tables) {
    this.inner = inner;
    this.tables = tables;
  }

  @Override
  public DimensionTable table(TableSpec spec) {
    return tables.apply(inner.table(spec));
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
  public CompletionStage<Void> pingTables() {
    return inner.pingTables();
  }

  @Override
  public <T> Optional<T> capability(Class<T> type) {
    return inner.capability(type);
  }

  @Override
  public void close() {
    inner.close();
  }
}
