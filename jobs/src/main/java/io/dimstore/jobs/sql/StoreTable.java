// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.sql;

import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStoreFactory;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption;
import io.dimstore.spi.TableSpec;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A table in a store, described so that the store can be opened without Flink. It is for tools that
 * run beside the jobs that use the table.
 *
 * @param store the store's id
 * @param storeOptions the options of store scope, without the store's id in front
 * @param spec the table, with the options of table scope
 */
public record StoreTable(String store, Map<String, String> storeOptions, TableSpec spec) {

  private static final TableSpec ANY_TABLE =
      new TableSpec("t", List.of(new Column("k", DataType.STRING)), List.of("k"));

  /** Copies the options. */
  public StoreTable {
    storeOptions = Map.copyOf(storeOptions);
  }

  /**
   * Returns a table with its options sorted by scope. Unknown options get the scope of the store,
   * so that the store refuses them when it is opened.
   *
   * @param options of both scopes, with or without the store's id in front
   * @param table the table, with its options in SQL: those of the store have the store's id in
   *     front, and all others are left out
   * @throws io.dimstore.spi.StoreException INVALID if there is no such store
   */
  public static StoreTable of(String store, Map<String, String> options, TableSpec table) {
    DimensionStoreFactory factory = DimensionStores.factory(store, classLoader());
    Map<String, String> ofStore = new LinkedHashMap<>();
    Map<String, String> ofTable = new LinkedHashMap<>();
    Map<String, String> all = new LinkedHashMap<>();
    options.forEach((given, value) -> all.put(withoutPrefix(store, given), value));
    table
        .options()
        .forEach(
            (given, value) -> {
              if (given.startsWith(store + ".")) {
                all.put(withoutPrefix(store, given), value);
              }
            });
    all.forEach(
        (name, value) -> {
          boolean perTable =
              StoreConfig.scopeOf(factory.options(), name) == StoreOption.Scope.TABLE;
          (perTable ? ofTable : ofStore).put(name, value);
        });
    return new StoreTable(
        store, ofStore, new TableSpec(table.name(), table.columns(), table.keyColumns(), ofTable));
  }

  /**
   * Returns the options of store scope among these, without the store's id in front. Unknown
   * options count as such.
   *
   * @param options of both scopes, with or without the store's id in front
   * @throws io.dimstore.spi.StoreException INVALID if there is no such store
   */
  static Map<String, String> ofStoreScope(String store, Map<String, String> options) {
    return of(store, options, ANY_TABLE).storeOptions();
  }

  /**
   * Returns the value of an option of the whole store.
   *
   * @param name the option's name
   * @return null if the store has no such option, or if it is neither set nor has a default
   * @throws io.dimstore.spi.StoreException INVALID if an option of the store is wrong
   */
  public @Nullable Object storeOption(String name) {
    Set<StoreOption<?>> known = DimensionStores.factory(store, classLoader()).options();
    StoreConfig config =
        StoreConfig.parse("store '" + store + "'", known, StoreOption.Scope.STORE, storeOptions);
    for (StoreOption<?> option : known) {
      if (option.name().equals(name)) {
        return config.find(option);
      }
    }
    return null;
  }

  /** Opens the store; its requests are not counted. */
  public DimensionStore open() {
    return open(StoreMetrics.NONE);
  }

  /** Opens the store. */
  public DimensionStore open(StoreMetrics metrics) {
    return DimensionStores.open(store, storeOptions, metrics, InstantSource.system());
  }

  /** Returns the name of a store's option without the store's id in front. */
  public static String withoutPrefix(String store, String name) {
    return name.startsWith(store + ".") ? name.substring(store.length() + 1) : name;
  }

  static ClassLoader classLoader() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    return context == null ? StoreTable.class.getClassLoader() : context;
  }

  /** Omits the options, since some are secret. */
  @Override
  public String toString() {
    return "table '" + spec.name() + "' of store '" + store + "'";
  }
}
