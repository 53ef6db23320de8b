// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.encoding;

import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.Key;
import io.dimstore.spi.TableSpec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** Converts between the key columns of a table and the primary key of its items. Thread-safe. */
public sealed interface KeyLayout permits NativeKeyLayout, EncodedKeyLayout {

  /** The service's limit of a partition key, in bytes. */
  int MAX_PARTITION_KEY_BYTES = 2048;

  /** The service's limit of a sort key, in bytes. */
  int MAX_SORT_KEY_BYTES = 1024;

  /** An attribute of the primary key. */
  record KeyAttribute(String name, ScalarAttributeType type) {}

  /** Returns the partition key and, if there is one, the sort key. */
  List<KeyAttribute> attributes();

  /** Returns why a key cannot be stored, or null if it can. The key must have the table's types. */
  @Nullable String problemOf(Key key);

  /** Returns the primary key of a key, to read its item. */
  Map<String, AttributeValue> primaryKey(Key key);

  /** Adds the primary key and every key column to a new item. */
  void addTo(Map<String, AttributeValue> item, Key key);

  /**
   * Returns the query that reads the items of a key range, or null if they may be in several
   * partitions.
   */
  @Nullable PartitionQuery query(@Nullable Key from, @Nullable Key to);

  /**
   * Decodes the key of an item.
   *
   * @throws RuntimeException of any class if its attributes are not a key of this table
   */
  Key keyOf(Map<String, AttributeValue> item);

  /**
   * Returns the layout of a table: one or two columns of suitable types are the primary key
   * themselves; other keys are encoded.
   */
  static KeyLayout of(TableSpec spec) {
    List<Column> key = spec.key();
    boolean isNative =
        key.size() <= 2 && key.stream().allMatch(column -> nativeType(column.type()) != null);
    return isNative ? new NativeKeyLayout(key) : new EncodedKeyLayout(key);
  }

  /**
   * Returns the key attribute type that keeps distinct values of a column distinct, or null if
   * there is none. BOOL cannot be a key, and N has neither negative zero nor NaN.
   */
  static @Nullable ScalarAttributeType nativeType(DataType type) {
    if (type instanceof DataType.Simple simple) {
      return switch (simple) {
        case TINYINT, SMALLINT, INT, BIGINT -> ScalarAttributeType.N;
        case DATE -> ScalarAttributeType.S;
        case BOOLEAN, FLOAT, DOUBLE, INTERVAL_YEAR_MONTH, INTERVAL_DAY_TIME -> null;
      };
    }
    if (type instanceof DataType.Decimal) {
      return ScalarAttributeType.N;
    }
    return type instanceof DataType.Binary ? ScalarAttributeType.B : ScalarAttributeType.S;
  }
}
