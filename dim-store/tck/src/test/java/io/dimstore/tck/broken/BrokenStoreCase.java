// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.broken;

import io.dimstore.tck.DimensionStoreTck;
import io.dimstore.tck.harness.StoreHarness;
import java.util.concurrent.atomic.AtomicReference;

/** The suite that {@link BrokenStores} runs. Its name keeps Surefire from running it directly. */
class BrokenStoreCase extends DimensionStoreTck {

  static final AtomicReference<StoreHarness> HARNESS = new AtomicReference<>();

  @Override
  protected StoreHarness harness() {
    return HARNESS.get();
  }
}
