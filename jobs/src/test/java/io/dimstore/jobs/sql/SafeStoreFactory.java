// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.sql;

import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStoreFactory;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption;
import java.time.InstantSource;
import java.util.Set;

/** A store that declares a secret whose name does not sound like one. It cannot be opened. */
public final class SafeStoreFactory implements DimensionStoreFactory {

  @Override
  public String id() {
    return "safe";
  }

  @Override
  public Set<StoreOption<?>> options() {
    return Set.of(StoreOption.secret("pin", "A secret."));
  }

  @Override
  public DimensionStore open(StoreConfig config, StoreMetrics metrics, InstantSource clock) {
    throw new UnsupportedOperationException();
  }
}
