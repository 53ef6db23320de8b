// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.encoding;

import io.dimstore.hbaseredis.internal.options.EntryFormat;
import io.dimstore.hbaseredis.internal.options.HBaseRedisOptions;
import io.dimstore.spi.Column;
import io.dimstore.spi.NearestName;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.TableSpec;
import io.dimstore.spi.support.TableOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.zip.CRC32;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.ColumnFamilyDescriptorBuilder;
import org.apache.hadoop.hbase.util.Bytes;
import org.jspecify.annotations.Nullable;

/** How a table is stored in HBase and Redis: names, cells and encodings. Immutable. */
public final class Layout {

  private static final byte[] DEFAULT_STATE_FAMILY =
      Utf8.encode(String.valueOf(HBaseRedisOptions.STATE_FAMILY.defaultValue()));

  private final TableName table;
  private final RowKeys keys;
  private final ColumnMapping[] mappings;
  private final byte[] stateFamily;
  private final byte[][] dataFamilies;
  private final int fingerprint;
  private final int shape;
  private final EntryFormat redisFormat;
  private final @Nullable String redisKey;

  /**
   * Creates the layout of a table.
   *
   * @throws StoreException INVALID if names, types or options are invalid or contradict each other
   */
  public Layout(TableSpec spec) {
    StoreConfig options = TableOptions.of("hbase-redis", HBaseRedisOptions.all(), spec);
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
    this.mappings = mappings(spec, options);
    for (int i = 0; i < mappings.length; i++) {
      if (Arrays.equals(mappings[i].family(), stateFamily)) {
        throw refused(spec, "column " + mappings[i].column().name() + " is in the state family");
      }
      if (i > 0 && mappings[i].compareCell(mappings[i - 1]) == 0) {
        throw refused(
            spec,
            "columns "
                + mappings[i - 1].column().name()
                + " and "
                + mappings[i].column().name()
                + " are mapped to the same cell");
      }
    }
    TreeSet<byte[]> families = new TreeSet<>(Bytes.BYTES_COMPARATOR);
    for (ColumnMapping mapping : mappings) {
      families.add(mapping.family());
    }
    this.dataFamilies = families.toArray(new byte[0][]);
    this.fingerprint = fingerprint(mappings);
    this.shape = shape(spec, options);
    this.redisFormat = options.get(HBaseRedisOptions.REDIS_FORMAT);
    this.redisKey = options.find(HBaseRedisOptions.REDIS_KEY);
    if (redisKey != null) {
      RedisNames.ofTemplate(redisKey, declaration());
    }
    if (redisFormat != EntryFormat.PACKED) {
      for (ColumnMapping mapping : mappings) {
        if (mapping.column().name().startsWith(EntryFields.RESERVED)) {
          throw refused(
              spec,
              "column "
                  + mapping.column().name()
                  + " begins with '__dim_' as the fields of the store do; rename it or use"
                  + " 'redis.format' = 'packed'");
        }
      }
    }
  }

  public TableName table() {
    return table;
  }

  /**
   * Returns the name that identifies this dimension table in Redis and in write intents. Several
   * dimension tables may share one HBase table, each with a state family of its own; their names
   * differ by that family.
   */
  public String declaration() {
    String name = table.getNameAsString();
    return Arrays.equals(stateFamily, DEFAULT_STATE_FAMILY)
        ? name
        : name + "/" + Bytes.toString(stateFamily);
  }

  public RowKeys keys() {
    return keys;
  }

  /**
   * Returns the mappings of the value columns, in the order in which HBase sorts their cells. Not
   * to be changed.
   */
  public ColumnMapping[] mappings() {
    return mappings;
  }

  public byte[] stateFamily() {
    return stateFamily;
  }

  /** Returns the families of the value columns, each once. Not to be changed. */
  public byte[][] dataFamilies() {
    return dataFamilies;
  }

  /**
   * Returns a checksum of the value columns' cells and types, which does not depend on the order of
   * the columns. Jobs whose fingerprints are equal share packed entries in Redis.
   */
  public int fingerprint() {
    return fingerprint;
  }

  /**
   * Returns a checksum of everything that the splits of a scan depend on: the key columns, how they
   * become row keys, and the value columns in the order in which they are declared.
   */
  public int shape() {
    return shape;
  }

  /** Returns the format of entries in Redis. */
  public EntryFormat redisFormat() {
    return redisFormat;
  }

  /**
   * Returns the names of the table's keys in Redis.
   *
   * @param prefix the beginning of the names, unless the table has a template of its own
   */
  public RedisNames redisNames(String prefix) {
    return redisKey == null
        ? RedisNames.of(prefix, declaration())
        : RedisNames.ofTemplate(redisKey, declaration());
  }

  public static TableName tableName(String name) {
    try {
      return TableName.valueOf(name);
    } catch (IllegalArgumentException e) {
      throw new StoreException(
          StoreException.Kind.INVALID, "HBase has no table named '" + name + "'", e);
    }
  }

  private static ColumnMapping[] mappings(TableSpec spec, StoreConfig options) {
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
                + "' does not name a value column"
                + (nearest == null ? "" : "; did you mean '" + nearest + "'?"));
      }
    }
    String nullLiteral = options.get(HBaseRedisOptions.NULL_LITERAL);
    ColumnMapping[] mappings = new ColumnMapping[values.size()];
    for (int i = 0; i < mappings.length; i++) {
      String family = options.get(HBaseRedisOptions.FAMILY);
      String qualifier = names.get(i);
      String cell = placed.get(qualifier);
      if (cell != null) {
        int colon = cell.indexOf(':');
        if (colon < 0) {
          throw refused(
              spec,
              "option 'column."
                  + qualifier
                  + "': '"
                  + cell
                  + "' does not have the form"
                  + " family:qualifier");
        }
        family = cell.substring(0, colon);
        qualifier = cell.substring(colon + 1);
      }
      mappings[i] =
          ColumnMapping.of(i, values.get(i), family(spec, family), qualifier, nullLiteral);
    }
    Arrays.sort(mappings, ColumnMapping::compareCell);
    return mappings;
  }

  private static String family(TableSpec spec, String name) {
    try {
      ColumnFamilyDescriptorBuilder.isLegalColumnFamilyName(Utf8.encode(name));
    } catch (IllegalArgumentException e) {
      throw refused(spec, "'" + name + "' cannot name a column family: " + e.getMessage());
    }
    return name;
  }

  private static int fingerprint(ColumnMapping[] mappings) {
    CRC32 crc = new CRC32();
    for (ColumnMapping mapping : mappings) {
      crc.update(mapping.cellName());
      crc.update(Utf8.encode(" " + mapping.column().type() + "\n"));
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
