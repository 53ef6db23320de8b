// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror.internal;

import io.dimstore.mirror.control.MirrorMode.Side;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStoreFactory;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption;
import io.dimstore.spi.StoreOption.Scope;
import io.dimstore.spi.TableSpec;
import io.dimstore.spi.support.CommonOptions;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One of the two stores, with the options that it gets. Thread-safe. */
final class OpenSide {

  private final Side side;
  private final String prefix;
  private final String owner;
  private final Set<StoreOption<?>> options;
  private final Map<String, String> tableDefaults;
  private final DimensionStore store;

  private OpenSide(
      Side side,
      String prefix,
      String owner,
      Set<StoreOption<?>> options,
      Map<String, String> tableDefaults,
      DimensionStore store) {
    this.side = side;
    this.prefix = prefix;
    this.owner = owner;
    this.options = options;
    this.tableDefaults = tableDefaults;
    this.store = store;
  }

  /**
   * Opens the store of one side.
   *
   * @param config the options of the mirror
   * @throws StoreException INVALID for an unknown store or option
   */
  static OpenSide open(Side side, StoreConfig config, StoreMetrics metrics, InstantSource clock) {
    boolean isFrom = side == Side.FROM;
    String id = config.get(isFrom ? MirrorOptions.FROM_STORE : MirrorOptions.TO_STORE);
    String prefix = side.name().toLowerCase(Locale.ROOT) + ".";
    String owner = "store '" + id + "', given as '" + prefix + "*',";
    if (id.equals(MirrorOptions.ID)) {
      throw StoreException.invalid(
          "Option '" + prefix + "store': a mirror has no mirror as a side");
    }
    DimensionStoreFactory factory = DimensionStores.factory(id, classLoader());
    Set<StoreOption<?>> options = factory.options();
    Map<String, String> ofStore = new TreeMap<>();
    Map<String, String> ofTables = new TreeMap<>();
    config
        .prefixed(isFrom ? MirrorOptions.FROM : MirrorOptions.TO)
        .forEach(
            (name, value) -> {
              if (!name.equals("store")) {
                Scope scope = StoreConfig.scopeOf(options, name);
                (scope == Scope.TABLE ? ofTables : ofStore).put(name, value);
              }
            });
    inherit(options, ofStore, CommonOptions.DEADLINE, config);
    inherit(options, ofStore, CommonOptions.TOMBSTONE_RETENTION, config);
    // A side also serves the other calls of the mirror: copies, comparisons, pending writes.
    long pending = Math.max(100_000, 4L * config.get(CommonOptions.MAX_PENDING));
    if (options.contains(CommonOptions.MAX_PENDING)) {
      ofStore.putIfAbsent(
          CommonOptions.MAX_PENDING.name(), Long.toString(Math.min(pending, Integer.MAX_VALUE)));
    }
    StoreConfig.parse("tables of " + owner, options, Scope.TABLE, ofTables);
    DimensionStore store =
        factory.open(
            StoreConfig.parse(owner, options, Scope.STORE, ofStore),
            new SideMetrics(prefix.substring(0, prefix.length() - 1), metrics),
            clock);
    return new OpenSide(side, prefix, owner, options, ofTables, store);
  }

  private static void inherit(
      Set<StoreOption<?>> options,
      Map<String, String> values,
      StoreOption<java.time.Duration> option,
      StoreConfig config) {
    if (options.contains(option)) {
      values.putIfAbsent(option.name(), config.get(option).toMillis() + " ms");
    }
  }

  private static ClassLoader classLoader() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    return context == null ? OpenSide.class.getClassLoader() : context;
  }

  Side side() {
    return side;
  }

  DimensionStore store() {
    return store;
  }

  @Nullable SharedRecords records() {
    return store.capability(SharedRecords.class).orElse(null);
  }

  /**
   * Returns the declaration of a table as this side gets it.
   *
   * @param mirrored the declaration that the mirror got; of its options, those with this side's
   *     prefix override the defaults
   * @throws StoreException INVALID for an unknown option
   */
  TableSpec spec(TableSpec mirrored) {
    Map<String, String> all = new TreeMap<>(tableDefaults);
    mirrored
        .options()
        .forEach(
            (name, value) -> {
              if (name.startsWith(prefix)) {
                all.put(name.substring(prefix.length()), value);
              }
            });
    StoreConfig.parse("table '" + mirrored.name() + "' of " + owner, options, Scope.TABLE, all);
    return new TableSpec(mirrored.name(), mirrored.columns(), mirrored.keyColumns(), all);
  }

  @Override
  public String toString() {
    return "side '" + prefix.substring(0, prefix.length() - 1) + "'";
  }
}
