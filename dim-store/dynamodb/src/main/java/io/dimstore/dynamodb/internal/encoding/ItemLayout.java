// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.encoding;

import io.dimstore.spi.Change;
import io.dimstore.spi.Column;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.TableSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Encodes changes as items, and decodes items to changes. Thread-safe. */
public final class ItemLayout {

  private final String table;
  private final KeyLayout key;
  private final List<Column> values;
  private final ValueCodec[] codecs;
  private final long retentionMillis;
  private final Statements statements;
  private final AttributeValue columnNames;

  public ItemLayout(TableSpec spec, KeyLayout key, long retentionMillis) {
    this.table = spec.name();
    this.key = key;
    this.values = spec.values();
    this.codecs =
        values.stream().map(column -> ValueCodec.of(column.type())).toArray(ValueCodec[]::new);
    this.retentionMillis = retentionMillis;
    this.statements =
        Statements.of(
            key.attributes().stream().map(KeyLayout.KeyAttribute::name).toList(),
            values.stream().map(Column::name).toList());
    this.columnNames =
        AttributeValue.fromS(
            Statements.fingerprint(spec.columns().stream().map(Column::name).toList()));
  }

  /** Returns the statements that write items of this layout. */
  public Statements statements() {
    return statements;
  }

  /**
   * Returns the query that reads the items of a key range, or null if they may be in several
   * partitions.
   */
  public @Nullable PartitionQuery query(@Nullable Key from, @Nullable Key to) {
    return key.query(from, to);
  }

  public ReadPlan plan(Projection projection) {
    return ReadPlan.of(key, values, codecs, projection);
  }

  /**
   * Encodes a change that is applied at this time.
   *
   * @throws IllegalArgumentException for a value that no attribute can hold
   */
  public Map<String, AttributeValue> encode(Change change, long nowMillis) {
    Map<String, AttributeValue> item = new LinkedHashMap<>((values.size() + 8) * 2);
    key.addTo(item, change.key());
    item.put(SystemAttributes.VERSION, number(change.version()));
    item.put(SystemAttributes.COLUMNS, columnNames);
    if (change instanceof Put put) {
      for (int i = 0; i < codecs.length; i++) {
        item.put(values.get(i).name(), codecs[i].encodeNullable(put.row().get(i)));
      }
      if (put.expiresAtMillis() != Put.NEVER) {
        item.put(SystemAttributes.EXPIRY, number(put.expiresAtMillis()));
        // A put that has already expired acts as a tombstone, so it too is kept for one retention.
        item.put(
            SystemAttributes.TIME_TO_LIVE,
            endOfRetention(Math.max(put.expiresAtMillis(), nowMillis)));
      }
    } else {
      item.put(SystemAttributes.DELETED, AttributeValue.fromBool(true));
      item.put(SystemAttributes.TIME_TO_LIVE, endOfRetention(nowMillis));
    }
    return item;
  }

  /**
   * Decodes an item as of this time: a {@link Put} for a row that is present, a {@link Delete} for
   * a tombstone or an expired row, or null if the retention of those has ended.
   *
   * @throws StoreException CORRUPT, naming the key if that can be read
   */
  @Nullable
  public Change decode(Map<String, AttributeValue> item, ReadPlan plan, long nowMillis) {
    Key found = keyOf(item);
    String attribute = SystemAttributes.VERSION;
    try {
      long version = number(item.get(attribute), 0);
      attribute = SystemAttributes.EXPIRY;
      long expiry = number(item.get(attribute), Put.NEVER);
      attribute = SystemAttributes.DELETED;
      AttributeValue deleted = item.get(attribute);
      if (nowMillis >= expiry
          || (deleted != null && (Boolean) ScalarCodecs.BOOLEAN.decode(deleted))) {
        attribute = SystemAttributes.TIME_TO_LIVE;
        long end = number(item.get(attribute), Long.MAX_VALUE);
        return end > nowMillis / 1000 ? new Delete(found, version) : null;
      }
      String[] columns = plan.columns();
      @Nullable Object[] row = new @Nullable Object[columns.length];
      for (int i = 0; i < columns.length; i++) {
        attribute = columns[i];
        row[i] = plan.codecs()[i].decodeNullable(item.get(attribute));
      }
      return new Put(found, Row.of(row), version, expiry);
    } catch (RuntimeException e) {
      throw new StoreException(
          StoreException.Kind.CORRUPT,
          "Table "
              + table
              + ", key "
              + found
              + ": attribute "
              + attribute
              + " cannot be read as the column's type: "
              + e.getMessage(),
          List.of(found),
          e);
    }
  }

  /**
   * Decodes the key of an item.
   *
   * @throws StoreException CORRUPT
   */
  public Key keyOf(Map<String, AttributeValue> item) {
    try {
      return key.keyOf(item);
    } catch (RuntimeException e) {
      throw new StoreException(
          StoreException.Kind.CORRUPT,
          "Table " + table + " has an item whose key cannot be read: " + e.getMessage(),
          e);
    }
  }

  /**
   * Decodes the version of an item; 0 if it has none.
   *
   * @throws StoreException CORRUPT, naming the key
   */
  public long versionOf(Map<String, AttributeValue> item) {
    try {
      return number(item.get(SystemAttributes.VERSION), 0);
    } catch (RuntimeException e) {
      Key found = keyOf(item);
      throw new StoreException(
          StoreException.Kind.CORRUPT,
          "Table " + table + ", key " + found + " has no version that can be read",
          List.of(found),
          e);
    }
  }

  /** Returns whether an item is a tombstone. An expired row is not one. */
  public boolean isTombstone(Map<String, AttributeValue> item) {
    AttributeValue deleted = item.get(SystemAttributes.DELETED);
    return deleted != null && Boolean.TRUE.equals(deleted.bool());
  }

  private AttributeValue endOfRetention(long fromMillis) {
    long end = fromMillis + retentionMillis;
    long endMillis = end < fromMillis ? Long.MAX_VALUE : end;
    return number(Math.floorDiv(endMillis, 1000L) + (Math.floorMod(endMillis, 1000) == 0 ? 0 : 1));
  }

  private static AttributeValue number(long number) {
    return AttributeValue.fromN(Long.toString(number));
  }

  private static long number(@Nullable AttributeValue attribute, long ifMissing) {
    return attribute == null ? ifMissing : ScalarCodecs.wholeNumber(attribute);
  }
}
