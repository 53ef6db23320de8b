// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror;

import io.dimstore.mirror.internal.MirrorMetrics;
import io.dimstore.mirror.internal.MirrorOptions;
import io.dimstore.mirror.internal.MirrorStore;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStoreFactory;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreMetric;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/** Opens the store {@code mirror}: two stores as one, for a migration. */
public final class MirrorStoreFactory implements DimensionStoreFactory {

  /** Creates the factory; called by {@link java.util.ServiceLoader}. */
  public MirrorStoreFactory() {}

  @Override
  public String id() {
    return MirrorOptions.ID;
  }

  @Override
  public Set<StoreOption<?>> options() {
    return MirrorOptions.all();
  }

  @Override
  public List<StoreMetric> metrics() {
    return MirrorMetrics.all();
  }

  @Override
  public DimensionStore open(StoreConfig config, StoreMetrics metrics, InstantSource clock) {
    return MirrorStore.open(config, metrics, clock);
  }
}
