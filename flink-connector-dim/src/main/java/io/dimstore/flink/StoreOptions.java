package io.dimstore.flink;

import io.dimstore.spi.DimensionStoreFactory;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreOption;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.table.api.ValidationException;
import org.jspecify.annotations.Nullable;

/** The options that belong to a store, before it is opened. */
final class StoreOptions {

  private StoreOptions() {}

  /**
   * Options by who is told of them.
   *
   * @param store for the whole store
   * @param table for the table
   */
  record Split(Map<String, String> store, Map<String, String> table) {}

  /** The factory of the store that the options name. */
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

  /** The store on the class path whose prefix an option has, or null. */
  static @Nullable String ownerOf(String key, ClassLoader classLoader) {
    return DimensionStores.factories(classLoader).keySet().stream()
        .filter(id -> key.startsWith(id + "."))
        .findFirst()
        .orElse(null);
  }

  /**
   * Checks a store's options one by one, so that messages name each as it was written.
   *
   * @param options without the prefix
   */
  static Split check(DimensionStoreFactory factory, Map<String, String> options) {
    Map<String, String> ofStore = new TreeMap<>();
    Map<String, String> ofTable = new TreeMap<>();
    options.forEach(
        (key, value) -> {
          StoreOption.Scope scope = scope(factory, key);
          try {
            StoreConfig.parse(
                "store '" + factory.id() + "'", factory.options(), scope, Map.of(key, value));
          } catch (StoreException e) {
            throw new ValidationException(
                "Option '" + factory.id() + "." + key + "': " + e.getMessage(), e);
          }
          (scope == StoreOption.Scope.TABLE ? ofTable : ofStore).put(key, value);
        });
    return new Split(ofStore, ofTable);
  }

  private static StoreOption.Scope scope(DimensionStoreFactory factory, String key) {
    return factory.options().stream()
        .filter(o -> o.isPrefix() ? key.startsWith(o.name()) : key.equals(o.name()))
        .map(StoreOption::scope)
        .findFirst()
        .orElse(StoreOption.Scope.STORE);
  }
}
