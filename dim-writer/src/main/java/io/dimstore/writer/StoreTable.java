package io.dimstore.writer;

import io.dimstore.spi.Column;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStoreFactory;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption;
import io.dimstore.spi.TableSpec;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A dimension's table in a store, reached without Flink.
 *
 * @param store the store's id
 * @param storeOptions what is set once for the store
 * @param spec the table, with what is set for it
 */
record StoreTable(String store, Map<String, String> storeOptions, TableSpec spec) {

  /**
   * Sorts the options by their scope; one that the store does not know counts as the store's, which
   * refuses it when it is opened.
   *
   * @throws io.dimstore.spi.StoreException INVALID if there is no such store
   */
  static StoreTable of(String store, Map<String, String> storeOptions, WriterOptions.Route route) {
    DimensionStoreFactory factory = DimensionStores.factory(store, classLoader());
    Map<String, String> options = new LinkedHashMap<>();
    storeOptions.forEach((name, value) -> options.put(withoutPrefix(store, name), value));
    route.tableOptions().entrySet().stream()
        .filter(option -> option.getKey().startsWith(store + "."))
        .forEach(option -> options.put(withoutPrefix(store, option.getKey()), option.getValue()));
    Map<String, String> forStore = new LinkedHashMap<>();
    Map<String, String> forTable = new LinkedHashMap<>();
    options.forEach(
        (name, value) -> (isOfTable(factory, name) ? forTable : forStore).put(name, value));
    Dimension dimension = route.dimension();
    List<Column> columns = new ArrayList<>();
    columns.add(new Column(dimension.key(), FieldType.TEXT.storeType()));
    for (Dimension.Field field : dimension.fields()) {
      columns.add(new Column(field.name(), field.type().storeType()));
    }
    return new StoreTable(
        store, forStore, new TableSpec(route.table(), columns, List.of(dimension.key()), forTable));
  }

  DimensionStore open() {
    return open(StoreMetrics.NONE);
  }

  DimensionStore open(StoreMetrics metrics) {
    return DimensionStores.open(store, storeOptions, metrics, InstantSource.system());
  }

  /** Options may be given with the store's id before them, as they stand in a table. */
  static String withoutPrefix(String store, String name) {
    return name.startsWith(store + ".") ? name.substring(store.length() + 1) : name;
  }

  static ClassLoader classLoader() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    return context == null ? StoreTable.class.getClassLoader() : context;
  }

  private static boolean isOfTable(DimensionStoreFactory factory, String name) {
    return factory.options().stream()
        .filter(option -> option.scope() == StoreOption.Scope.TABLE)
        .anyMatch(
            option ->
                option.isPrefix() ? name.startsWith(option.name()) : name.equals(option.name()));
  }

  /** Shows no option: some are secret. */
  @Override
  public String toString() {
    return "table '" + spec.name() + "' of store '" + store + "'";
  }
}
