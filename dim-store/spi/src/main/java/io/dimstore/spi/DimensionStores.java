// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

import java.time.InstantSource;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** Finds the stores on the class path by their names. */
public final class DimensionStores {

  private DimensionStores() {}

  /**
   * Returns the factory of a store.
   *
   * @throws StoreException INVALID if there is no such store; the message lists those found
   */
  public static DimensionStoreFactory factory(String id, ClassLoader classLoader) {
    Map<String, DimensionStoreFactory> factories = factories(classLoader);
    DimensionStoreFactory factory = factories.get(id);
    if (factory == null) {
      String nearest = NearestName.of(id, factories.keySet());
      throw StoreException.invalid(
          "No store '"
              + id
              + "' on the class path"
              + (nearest == null ? "." : "; did you mean '" + nearest + "'?")
              + " Found: "
              + String.join(", ", factories.keySet())
              + ". Add the store's module (dim-store-<store>) to the class path.");
    }
    return factory;
  }

  /** Returns all stores on the class path, by name in alphabetical order. */
  public static Map<String, DimensionStoreFactory> factories(ClassLoader classLoader) {
    Map<String, DimensionStoreFactory> factories = new TreeMap<>();
    try {
      for (DimensionStoreFactory factory :
          ServiceLoader.load(DimensionStoreFactory.class, classLoader)) {
        factories.put(factory.id(), factory);
      }
    } catch (ServiceConfigurationError e) {
      throw new StoreException(
          StoreException.Kind.INVALID,
          "A store on the class path cannot be loaded: " + e.getMessage(),
          e);
    }
    return factories;
  }

  /**
   * Opens a store by name.
   *
   * @param options the options of store scope, as text
   * @throws StoreException INVALID for an unknown store or option
   */
  public static DimensionStore open(
      String id, Map<String, String> options, StoreMetrics metrics, InstantSource clock) {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    DimensionStoreFactory factory =
        factory(id, context == null ? DimensionStores.class.getClassLoader() : context);
    StoreConfig config =
        StoreConfig.parse(
            "store '" + id + "'", factory.options(), StoreOption.Scope.STORE, options);
    return factory.open(config, metrics, clock);
  }
}
