// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.table;

import io.dimstore.flink.DimOptions;
import io.dimstore.spi.DimensionStoreFactory;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreOption;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.table.api.ValidationException;
import org.jspecify.annotations.Nullable;

/** Checks the options of a store before the store is opened. */
final class StoreOptionCheck {

  private StoreOptionCheck() {}

  /** Returns the factory of the store that the options name. */
  static DimensionStoreFactory factory(Map<String, String> options, ClassLoader classLoader) {
    String id = options.get(DimOptions.STORE.key());
    try {
      if (id == null || id.isBlank()) {
        throw new ValidationException(
            "Option 'store' is missing. Stores on the class path: "
                + DimensionStores.factories(classLoader).keySet()
                + ".");
      }
      return DimensionStores.factory(id, classLoader);
    } catch (StoreException e) {
      throw new ValidationException("Option 'store': " + e.getMessage(), e);
    }
  }

  /** Returns the store on the class path to whose prefix an option belongs, or null. */
  static @Nullable String ownerOf(String key, ClassLoader classLoader) {
    return DimensionStores.factories(classLoader).keySet().stream()
        .filter(id -> key.startsWith(id + "."))
        .findFirst()
        .orElse(null);
  }

  /**
   * Checks a store's options one by one, so that each message names the option as the user wrote
   * it.
   *
   * @param options without the prefix
   */
  static void check(DimensionStoreFactory factory, Map<String, String> options) {
    options.forEach(
        (key, value) -> {
          StoreOption.Scope scope = StoreConfig.scopeOf(factory.options(), key);
          try {
            StoreConfig.parse(
                "store '" + factory.id() + "'", factory.options(), scope, Map.of(key, value));
          } catch (StoreException e) {
            throw new ValidationException(
                "Option '" + factory.id() + "." + key + "': " + e.getMessage(), e);
          }
        });
  }

  /** Returns those of a store's options that have this scope. */
  static Map<String, String> ofScope(
      StoreOption.Scope scope, DimensionStoreFactory factory, Map<String, String> options) {
    Map<String, String> selected = new TreeMap<>(options);
    selected.keySet().removeIf(key -> StoreConfig.scopeOf(factory.options(), key) != scope);
    return selected;
  }
}
