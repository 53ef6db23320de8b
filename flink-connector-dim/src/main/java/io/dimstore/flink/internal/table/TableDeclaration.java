// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.table;

import io.dimstore.flink.DimOptions;
import io.dimstore.flink.internal.cache.CacheSettings;
import io.dimstore.flink.internal.lookup.AsyncCapacity;
import io.dimstore.flink.internal.row.EpochMillis;
import io.dimstore.flink.internal.row.TableLayout;
import io.dimstore.flink.internal.store.DimTable;
import io.dimstore.flink.internal.store.StoreRef;
import io.dimstore.spi.DimensionStoreFactory;
import io.dimstore.spi.NearestName;
import io.dimstore.spi.StoreOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.connector.source.lookup.LookupOptions;
import org.apache.flink.table.factories.DynamicTableFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.util.TimeUtils;
import org.jspecify.annotations.Nullable;

/**
 * The checked content of a CREATE TABLE statement.
 *
 * @param name the table's name in SQL, for messages
 * @param table the part that the running tasks need
 * @param options the connector's own options
 * @param capacity how many lookups the session lets each subtask have in flight
 */
public record TableDeclaration(
    String name, DimTable table, ReadableConfig options, AsyncCapacity capacity) {

  /** The prefix of the options of Flink's own cache. */
  private static final String CACHE_OF_FLINK = "lookup.partial-cache.";

  private static final List<String> OF_FLINK =
      List.of(FactoryUtil.CONNECTOR.key(), FactoryUtil.PROPERTY_VERSION.key());

  /**
   * Reads and checks a table's options, key and columns.
   *
   * @throws ValidationException naming the problem and the remedy
   */
  public static TableDeclaration read(DynamicTableFactory.Context context) {
    String name = context.getObjectIdentifier().asSummaryString();
    Map<String, String> given = new TreeMap<>(context.getCatalogTable().getOptions());
    DimensionStoreFactory store = StoreOptionCheck.factory(given, context.getClassLoader());
    String prefix = store.id() + ".";
    Map<String, String> own = new TreeMap<>();
    Map<String, String> ofStore = new TreeMap<>();
    given.forEach(
        (key, value) -> {
          if (key.startsWith(prefix)) {
            ofStore.put(key.substring(prefix.length()), value);
          } else if (!OF_FLINK.contains(key) && !isDeadLetterOption(key)) {
            own.put(key, value);
          }
        });
    checkNames(own, store, context.getClassLoader());
    Configuration options = Configuration.fromMap(own);
    for (ConfigOption<?> option : DimOptions.all()) {
      value(options, option);
    }
    StoreOptionCheck.check(store, ofStore);
    TableLayout layout =
        layout(
            context,
            tableName(options),
            StoreOptionCheck.ofScope(StoreOption.Scope.TABLE, store, ofStore));
    DimTable table =
        new DimTable(
            new StoreRef(
                store.id(), StoreOptionCheck.ofScope(StoreOption.Scope.STORE, store, ofStore)),
            layout,
            versionColumn(options, layout),
            options.getOptional(DimOptions.VERSION).isPresent(),
            options.get(DimOptions.CREATE_TABLE),
            options.get(DimOptions.RETRY_TIMEOUT),
            new DimTable.LookupSettings(
                positive(options, DimOptions.LOOKUP_BATCH_SIZE),
                positive(options, DimOptions.LOOKUP_MAX_IN_FLIGHT),
                options.get(DimOptions.LOOKUP_LINGER),
                insertIfAbsent(options, layout),
                cache(options)),
            new DimTable.ScanSettings(
                positive(options, DimOptions.SCAN_PAGE_SIZE),
                options.get(DimOptions.SCAN_UNREADABLE_ROWS)),
            new DimTable.SinkSettings(
                positive(options, DimOptions.SINK_BATCH_SIZE),
                options.get(DimOptions.SINK_DELAY),
                options.get(DimOptions.SINK_LINGER),
                positive(options, DimOptions.SINK_MAX_IN_FLIGHT),
                maxClockSkew(options),
                deleteVersionColumn(options, layout)));
    return new TableDeclaration(name, table, options, AsyncCapacity.of(context.getConfiguration()));
  }

  /** Returns the table's options for dead letters, without their prefix. */
  static Map<String, String> deadLetterOptions(Map<String, String> given) {
    Map<String, String> options = new TreeMap<>();
    given.forEach(
        (key, value) -> {
          if (key.startsWith(DimOptions.DEAD_LETTER_PREFIX)) {
            options.put(key.substring(DimOptions.DEAD_LETTER_PREFIX.length()), value);
          }
        });
    return options;
  }

  private static boolean isDeadLetterOption(String key) {
    return key.startsWith(DimOptions.DEAD_LETTER_PREFIX)
        && !key.equals(DimOptions.SINK_DEAD_LETTER_CONNECTOR.key());
  }

  private static void checkNames(
      Map<String, String> own, DimensionStoreFactory store, ClassLoader classLoader) {
    List<String> known = new ArrayList<>(DimOptions.all().stream().map(ConfigOption::key).toList());
    for (String key : own.keySet()) {
      if (known.contains(key)) {
        continue;
      }
      String other = StoreOptionCheck.ownerOf(key, classLoader);
      if (other != null) {
        throw new ValidationException(
            "Option '"
                + key
                + "' belongs to store '"
                + other
                + "', but 'store' is '"
                + store.id()
                + "'. Remedy: remove it or change 'store'.");
      }
      if (key.startsWith(CACHE_OF_FLINK)) {
        throw new ValidationException(
            "Option '"
                + key
                + "' is about Flink's own lookup cache, which the connector does not use. Remedy:"
                + " set '"
                + DimOptions.LOOKUP_CACHE_MAX_BYTES.key()
                + "', '"
                + DimOptions.LOOKUP_CACHE_MAX_AGE.key()
                + "' and '"
                + DimOptions.LOOKUP_CACHE_ABSENT_MAX_AGE.key()
                + "' in its place.");
      }
      List<String> candidates = new ArrayList<>(known);
      store.options().forEach(option -> candidates.add(store.id() + "." + option.name()));
      String meant =
          store.options().stream().map(StoreOption::name).anyMatch(key::equals)
              ? store.id() + "." + key
              : NearestName.of(key, candidates);
      throw new ValidationException(
          "Unknown option '"
              + key
              + "'"
              + (meant == null ? "." : "; did you mean '" + meant + "'?")
              + " Options of the connector: "
              + String.join(", ", known)
              + ". Options of the store begin with '"
              + store.id()
              + ".'.");
    }
  }

  /** Returns whether lookups insert rows; every column of such a row but the key is null. */
  private static boolean insertIfAbsent(Configuration options, TableLayout layout) {
    if (!options.get(DimOptions.LOOKUP_INSERT_IF_ABSENT)) {
      return false;
    }
    if (options.get(DimOptions.LOOKUP_CACHE) == LookupOptions.LookupCacheType.FULL) {
      throw new ValidationException(
          "Option '"
              + DimOptions.LOOKUP_INSERT_IF_ABSENT.key()
              + "' is true and 'lookup.cache' is FULL, which does not read keys without a row."
              + " Remedy: set 'lookup.cache' = 'PARTIAL', or remove the option.");
    }
    for (int position : layout.values()) {
      if (!layout.types().get(position).isNullable()) {
        throw new ValidationException(
            "Option '"
                + DimOptions.LOOKUP_INSERT_IF_ABSENT.key()
                + "' is true, but column '"
                + layout.names().get(position)
                + "' is NOT NULL, and an inserted row has null there. Remedy: declare the column"
                + " without NOT NULL, or remove the option.");
      }
    }
    return true;
  }

  /** The whole table is read again before this time is over. */
  private static final Duration LEAST_FOLLOWED_MAX_AGE = Duration.ofMinutes(1);

  /** Returns the settings of the cache, or null if the table has none. */
  private static @Nullable CacheSettings cache(Configuration options) {
    LookupOptions.LookupCacheType type = options.get(DimOptions.LOOKUP_CACHE);
    if (type == LookupOptions.LookupCacheType.NONE) {
      return null;
    }
    boolean full = type == LookupOptions.LookupCacheType.FULL;
    if (full && !options.get(DimOptions.LOOKUP_CACHE_FOLLOW)) {
      throw new ValidationException(
          "Option 'lookup.cache' is FULL, and '"
              + DimOptions.LOOKUP_CACHE_FOLLOW.key()
              + "' is false, so that nothing keeps the cache up to date. Remedy: set it to true, or"
              + " 'lookup.cache' = 'PARTIAL'.");
    }
    Duration followed = options.get(DimOptions.LOOKUP_CACHE_FOLLOWED_MAX_AGE);
    if (full && followed.compareTo(LEAST_FOLLOWED_MAX_AGE) < 0) {
      throw new ValidationException(
          "Option '"
              + DimOptions.LOOKUP_CACHE_FOLLOWED_MAX_AGE.key()
              + "' is "
              + TimeUtils.formatWithHighestUnit(followed)
              + ", and with 'lookup.cache' = 'FULL' the whole table is read that often. Remedy: set"
              + " at least "
              + TimeUtils.formatWithHighestUnit(LEAST_FOLLOWED_MAX_AGE)
              + ", or 'lookup.cache' = 'PARTIAL'.");
    }
    Duration maxAge = options.get(DimOptions.LOOKUP_CACHE_MAX_AGE);
    if (maxAge.isZero()) {
      throw new ValidationException(
          "Option '"
              + DimOptions.LOOKUP_CACHE_MAX_AGE.key()
              + "' is 0 s, so that nothing is cached. Remedy: set more, or 'lookup.cache' ="
              + " 'NONE'.");
    }
    Duration onError = options.get(DimOptions.LOOKUP_CACHE_MAX_AGE_ON_ERROR);
    if (!onError.isZero() && onError.compareTo(maxAge) <= 0) {
      throw new ValidationException(
          "Option '"
              + DimOptions.LOOKUP_CACHE_MAX_AGE_ON_ERROR.key()
              + "' is not longer than '"
              + DimOptions.LOOKUP_CACHE_MAX_AGE.key()
              + "', so that it has no effect. Remedy: set a longer time, or 0 s to fail if the store"
              + " fails.");
    }
    return new CacheSettings(
        full,
        options.get(DimOptions.LOOKUP_CACHE_MAX_BYTES).getBytes(),
        maxAge,
        options.get(DimOptions.LOOKUP_CACHE_ABSENT_MAX_AGE),
        onError,
        new CacheSettings.Following(
            options.get(DimOptions.LOOKUP_CACHE_FOLLOW),
            options.get(DimOptions.LOOKUP_CACHE_FOLLOW_INTERVAL),
            options.get(DimOptions.LOOKUP_CACHE_FOLLOWED_MAX_AGE)));
  }

  private static TableLayout layout(
      DynamicTableFactory.Context context, String table, Map<String, String> options) {
    int[] key = context.getPrimaryKeyIndexes();
    RowType row = (RowType) context.getPhysicalRowDataType().getLogicalType();
    if (key.length == 0) {
      String first = row.getFieldCount() == 0 ? "id" : row.getFieldNames().get(0);
      throw new ValidationException(
          "Table '"
              + context.getObjectIdentifier().asSummaryString()
              + "' has no primary key. Remedy: declare the key of the stored table, for instance"
              + " PRIMARY KEY ("
              + first
              + ") NOT ENFORCED.");
    }
    TableLayout layout =
        new TableLayout(
            table,
            row.getFieldNames(),
            row.getChildren(),
            Arrays.stream(key).boxed().toList(),
            options);
    layout.spec();
    checkKey(layout);
    return layout;
  }

  /**
   * Refuses keys that contain floating-point numbers. SQL compares these numbers by value: NaN
   * equals nothing, and -0.0 equals 0.0. A store, however, finds a row by the bytes of its key.
   */
  private static void checkKey(TableLayout layout) {
    for (int position : layout.keyPositions()) {
      LogicalType type = layout.types().get(position);
      if (type.is(LogicalTypeRoot.FLOAT) || type.is(LogicalTypeRoot.DOUBLE)) {
        throw new ValidationException(
            "Key column '"
                + layout.names().get(position)
                + "' is "
                + type.asSummaryString()
                + ". A store finds rows by the bytes of the key, but in SQL NaN equals nothing and"
                + " -0.0 equals 0.0. Remedy: declare the key as DECIMAL, BIGINT or STRING; as BYTES"
                + " where an existing table holds such keys.");
      }
    }
  }

  private static @Nullable Integer versionColumn(Configuration options, TableLayout layout) {
    String column = options.getOptional(DimOptions.VERSION_COLUMN).orElse(null);
    if (column == null) {
      return null;
    }
    if (options.getOptional(DimOptions.VERSION).isPresent()) {
      throw new ValidationException(
          "Options 'version' and 'version.column' exclude each other. Remedy: remove one.");
    }
    return timeColumn(DimOptions.VERSION_COLUMN, column, layout);
  }

  private static @Nullable Integer deleteVersionColumn(Configuration options, TableLayout layout) {
    String column = options.getOptional(DimOptions.VERSION_DELETE_COLUMN).orElse(null);
    if (column == null) {
      return null;
    }
    if (options.getOptional(DimOptions.VERSION).isPresent()) {
      throw new ValidationException(
          "Options 'version' and 'version.delete-column' exclude each other. Remedy: remove one.");
    }
    return timeColumn(DimOptions.VERSION_DELETE_COLUMN, column, layout);
  }

  private static int timeColumn(ConfigOption<String> option, String column, TableLayout layout) {
    int position = layout.names().indexOf(column);
    if (position < 0) {
      String nearest = NearestName.of(column, layout.names());
      throw new ValidationException(
          "Option '"
              + option.key()
              + "': the table has no physical column '"
              + column
              + (nearest == null ? "'." : "'; did you mean '" + nearest + "'?"));
    }
    LogicalType type = layout.types().get(position);
    if (!EpochMillis.isSupported(type)) {
      throw new ValidationException(
          "Option '"
              + option.key()
              + "': column '"
              + column
              + "' is "
              + type.asSummaryString()
              + ". Remedy: name a column of type BIGINT, TIMESTAMP or TIMESTAMP_LTZ.");
    }
    return position;
  }

  private static int positive(Configuration options, ConfigOption<Integer> option) {
    int value = options.get(option);
    if (value < 1) {
      throw new ValidationException(
          "Option '" + option.key() + "' is " + value + ". Remedy: set 1 or more.");
    }
    return value;
  }

  private static Duration maxClockSkew(Configuration options) {
    Duration skew = options.get(DimOptions.VERSION_MAX_CLOCK_SKEW);
    if (skew.compareTo(DimOptions.LARGEST_CLOCK_SKEW) > 0) {
      throw new ValidationException(
          "Option '"
              + DimOptions.VERSION_MAX_CLOCK_SKEW.key()
              + "' is "
              + skew.toMillis()
              + " ms, and a sink waits as long before its first change. Remedy: set 1 min or less,"
              + " and synchronize the clocks of the TaskManagers.");
    }
    return skew;
  }

  private static <T> void value(Configuration options, ConfigOption<T> option) {
    try {
      options.getOptional(option);
    } catch (IllegalArgumentException e) {
      throw new ValidationException(
          "Option '"
              + option.key()
              + "': '"
              + options.toMap().get(option.key())
              + "' is no "
              + OptionsReference.form(option)
              + ".",
          e);
    }
  }

  private static String tableName(Configuration options) {
    return options
        .getOptional(DimOptions.TABLE)
        .filter(value -> !value.isBlank())
        .orElseThrow(
            () ->
                new ValidationException(
                    "Option 'table' is missing. Remedy: name the table in the store."));
  }
}
