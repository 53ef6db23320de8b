// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A store that supports only opening, pings and closing. */
public final class StubStoreFactory implements DimensionStoreFactory {

  static final StoreOption<String> PLACE = StoreOption.text("place", "here", "Where it is.");

  @Override
  public String id() {
    return "stub";
  }

  @Override
  public Set<StoreOption<?>> options() {
    return Set.of(PLACE);
  }

  @Override
  public DimensionStore open(StoreConfig config, StoreMetrics metrics, InstantSource clock) {
    return new Stub(config.get(PLACE));
  }

  /** Every call succeeds without effect, except that there are no tables. */
  record Stub(String place) implements DimensionStore {

    @Override
    public DimensionTable table(TableSpec spec) {
      throw StoreException.invalid("A stub has no tables");
    }

    @Override
    public CompletionStage<Void> createIfAbsent(TableSpec spec) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> validate(TableSpec spec) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> ping() {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void close() {}
  }
}
