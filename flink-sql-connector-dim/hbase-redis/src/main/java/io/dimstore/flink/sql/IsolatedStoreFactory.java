// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.sql;

import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStoreFactory;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreMetric;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption;
import java.time.InstantSource;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;

/**
 * Opens the store of this jar's isolated folder, in an {@link IsolatedClassLoader} that all stores
 * of one class loader share.
 */
public final class IsolatedStoreFactory implements DimensionStoreFactory {

  /** Loads the isolated store at first use. */
  private static final class Isolated {

    static final IsolatedClassLoader LOADER =
        new IsolatedClassLoader(IsolatedStoreFactory.class.getClassLoader());

    static final DimensionStoreFactory FACTORY =
        ServiceLoader.load(DimensionStoreFactory.class, LOADER).findFirst().orElseThrow();
  }

  /** Creates the factory; called by {@link ServiceLoader}. */
  public IsolatedStoreFactory() {}

  @Override
  public String id() {
    return Isolated.FACTORY.id();
  }

  @Override
  public Set<StoreOption<?>> options() {
    return Isolated.FACTORY.options();
  }

  @Override
  public List<StoreMetric> metrics() {
    return Isolated.FACTORY.metrics();
  }

  @Override
  public DimensionStore open(StoreConfig config, StoreMetrics metrics, InstantSource clock) {
    return ContextProxy.call(
        Isolated.LOADER,
        () ->
            ContextProxy.of(
                DimensionStore.class,
                Isolated.FACTORY.open(config, metrics, clock),
                Isolated.LOADER));
  }

  @Override
  public void unload() {
    ContextProxy.call(
        Isolated.LOADER,
        () -> {
          Isolated.FACTORY.unload();
          return Isolated.FACTORY;
        });
  }
}
