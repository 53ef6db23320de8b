package io.dimstore.hbaseredis;

import io.dimstore.spi.Column;
import io.dimstore.spi.NearestName;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreOption;
import io.dimstore.spi.TableSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.zip.CRC32;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.ColumnFamilyDescriptorBuilder;
import org.apache.hadoop.hbase.util.Bytes;
import org.jspecify.annotations.Nullable;

/** Where a table's rows lie: names, cells and encodings. Immutable. */
final class Layout {

  private static final byte[] DEFAULT_STATE_FAMILY =
      Utf8.encode(String.valueOf(HBaseRedisOptions.STATE_FAMILY.defaultValue()));

  private final TableName table;
  private final RowKeys keys;
  private final Slot[] slots;
  private final byte[] stateFamily;
  private final byte[][] dataFamilies;
  private final int fingerprint;
  private final int shape;
  private final RedisFormat redisFormat;
  private final @Nullable String redisKey;

  /**
   * @throws StoreException INVALID for names, types and options that do not fit
   */
  Layout(TableSpec spec) {
    StoreConfig options =
        StoreConfig.parse(
            "table '" + spec.name() + "' of store 'hbase-redis'",
            HBaseRedisOptions.all(),
            StoreOption.Scope.TABLE,
            spec.options());
    this.table = tableName(spec.name());
    this.keys =
        new RowKeys(
            spec.name(),
            spec.key(),
            options.find(HBaseRedisOptions.KEY_ENCODING),
            options.get(HBaseRedisOptions.KEY_CODEC),
            options.find(HBaseRedisOptions.KEY_CODEC_SIZE));
    String state = family(spec, options.get(HBaseRedisOptions.STATE_FAMILY));
    this.stateFamily = Utf8.encode(state);
    this.slots = slots(spec, options);
    for (int i = 0; i < slots.length; i++) {
      if (Arrays.equals(slots[i].family(), stateFamily)) {
        throw refused(spec, "column " + slots[i].column().name() + " is in the state family");
      }
      if (i > 0 && slots[i].compareCell(slots[i - 1]) == 0) {
        throw refused(
            spec,
            "columns "
                + slots[i - 1].column().name()
                + " and "
                + slots[i].column().name()
                + " have one cell");
      }
    }
    TreeSet<byte[]> families = new TreeSet<>(Bytes.BYTES_COMPARATOR);
    for (Slot slot : slots) {
      families.add(slot.family());
    }
    this.dataFamilies = families.toArray(new byte[0][]);
    this.fingerprint = fingerprint(slots);
    this.shape = shape(spec, options);
    this.redisFormat = options.get(HBaseRedisOptions.REDIS_FORMAT);
    this.redisKey = options.find(HBaseRedisOptions.REDIS_KEY);
    if (redisKey != null) {
      RedisNames.ofTemplate(redisKey, declaration());
    }
    if (redisFormat != RedisFormat.PACKED) {
      for (Slot slot : slots) {
        if (slot.column().name().startsWith(EntryFields.RESERVED)) {
          throw refused(
              spec,
              "column "
                  + slot.column().name()
                  + " begins with '__dim_' as the fields of the store do; rename it or use"
                  + " 'redis.format' = 'packed'");
        }
      }
    }
  }

  TableName table() {
    return table;
  }

  /**
   * What tells this dimension table apart from others over the same HBase table, each of which has
   * a state family of its own: its copies and marks bear this name.
   */
  String declaration() {
    String name = table.getNameAsString();
    return Arrays.equals(stateFamily, DEFAULT_STATE_FAMILY)
        ? name
        : name + "/" + Bytes.toString(stateFamily);
  }

  RowKeys keys() {
    return keys;
  }

  /** The value columns in the order in which HBase sorts their cells. Not to be changed. */
  Slot[] slots() {
    return slots;
  }

  byte[] stateFamily() {
    return stateFamily;
  }

  /** The families of the value columns, each once. Not to be changed. */
  byte[][] dataFamilies() {
    return dataFamilies;
  }

  /**
   * A number for the value columns, their cells and types, whatever their order in the table: two
   * jobs that declare the same columns share their entries in Redis.
   */
  int fingerprint() {
    return fingerprint;
  }

  /**
   * A number for everything that the splits of a scan depend on: the key columns, how they become
   * row keys, and the value columns in the order in which they are declared.
   */
  int shape() {
    return shape;
  }

  /** How entries stand in Redis. */
  RedisFormat redisFormat() {
    return redisFormat;
  }

  /** The names of entries in Redis, where the store's own begin with a prefix. */
  RedisNames redisNames(String prefix) {
    return redisKey == null
        ? RedisNames.of(prefix, declaration())
        : RedisNames.ofTemplate(redisKey, declaration());
  }

  static TableName tableName(String name) {
    try {
      return TableName.valueOf(name);
    } catch (IllegalArgumentException e) {
      throw new StoreException(
          StoreException.Kind.INVALID, "HBase has no table named '" + name + "'", e);
    }
  }

  private static Slot[] slots(TableSpec spec, StoreConfig options) {
    List<Column> values = spec.values();
    Map<String, String> placed = options.prefixed(HBaseRedisOptions.COLUMN);
    List<String> names = values.stream().map(Column::name).toList();
    for (String name : placed.keySet()) {
      if (!names.contains(name)) {
        String nearest = NearestName.of(name, names);
        throw refused(
            spec,
            "option 'column."
                + name
                + "' names no value column"
                + (nearest == null ? "" : "; did you mean '" + nearest + "'?"));
      }
    }
    String nullLiteral = options.get(HBaseRedisOptions.NULL_LITERAL);
    Slot[] slots = new Slot[values.size()];
    for (int i = 0; i < slots.length; i++) {
      String family = options.get(HBaseRedisOptions.FAMILY);
      String qualifier = names.get(i);
      String cell = placed.get(qualifier);
      if (cell != null) {
        int colon = cell.indexOf(':');
        if (colon < 0) {
          throw refused(
              spec, "option 'column." + qualifier + "': '" + cell + "' is no family:qualifier");
        }
        family = cell.substring(0, colon);
        qualifier = cell.substring(colon + 1);
      }
      slots[i] = Slot.of(i, values.get(i), family(spec, family), qualifier, nullLiteral);
    }
    Arrays.sort(slots, Slot::compareCell);
    return slots;
  }

  private static String family(TableSpec spec, String name) {
    try {
      ColumnFamilyDescriptorBuilder.isLegalColumnFamilyName(Utf8.encode(name));
    } catch (IllegalArgumentException e) {
      throw refused(spec, "'" + name + "' cannot name a column family: " + e.getMessage());
    }
    return name;
  }

  private static int fingerprint(Slot[] slots) {
    CRC32 crc = new CRC32();
    for (Slot slot : slots) {
      crc.update(slot.cellName());
      crc.update(Utf8.encode(" " + slot.column().type() + "\n"));
    }
    return (int) crc.getValue();
  }

  private int shape(TableSpec spec, StoreConfig options) {
    CRC32 crc = new CRC32();
    for (Column column : spec.key()) {
      crc.update(Utf8.encode(column.name() + " " + column.type() + "\n"));
    }
    crc.update(
        Utf8.encode(
            options.find(HBaseRedisOptions.KEY_ENCODING)
                + " "
                + options.get(HBaseRedisOptions.KEY_CODEC)
                + " "
                + options.find(HBaseRedisOptions.KEY_CODEC_SIZE)
                + "\n"));
    for (Column column : spec.values()) {
      crc.update(Utf8.encode(column.name() + " " + column.type() + "\n"));
    }
    crc.update(Bytes.toBytes(fingerprint));
    return (int) crc.getValue();
  }

  private static StoreException refused(TableSpec spec, String why) {
    return StoreException.invalid("Table " + spec.name() + ": " + why);
  }
}
