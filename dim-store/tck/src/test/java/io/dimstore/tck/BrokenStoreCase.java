package io.dimstore.tck;

import java.util.concurrent.atomic.AtomicReference;

/** What {@link BrokenStoresTest} runs the kit as; no test of its own, as its name says. */
class BrokenStoreCase extends DimensionStoreTck {

  static final AtomicReference<StoreHarness> HARNESS = new AtomicReference<>();

  @Override
  protected StoreHarness harness() {
    return HARNESS.get();
  }
}
