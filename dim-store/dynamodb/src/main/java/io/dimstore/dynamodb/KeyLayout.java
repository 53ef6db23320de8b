package io.dimstore.dynamodb;

import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.Key;
import io.dimstore.spi.TableSpec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** How the key columns of a table become the primary key of its items. */
sealed interface KeyLayout permits NativeKeyLayout, EncodedKeyLayout {

  /** The most bytes of a partition key. */
  int MAX_PARTITION_KEY_BYTES = 2048;

  /** The most bytes of a sort key. */
  int MAX_SORT_KEY_BYTES = 1024;

  /** An attribute of the primary key. */
  record KeyAttribute(String name, ScalarAttributeType type) {}

  /** The partition key, and the sort key where there is one. */
  List<KeyAttribute> attributes();

  /** Why this key of the table's types cannot be held, or null where it can. */
  @Nullable String problemOf(Key key);

  /** The primary key, for reading. */
  Map<String, AttributeValue> primaryKey(Key key);

  /** Adds to a new item the primary key and every key column. */
  void addTo(Map<String, AttributeValue> item, Key key);

  /**
   * The key of an item.
   *
   * @throws RuntimeException of any class when its attributes do not hold one
   */
  Key keyOf(Map<String, AttributeValue> item);

  /** One or two columns of suitable types are the primary key themselves, others are encoded. */
  static KeyLayout of(TableSpec spec) {
    List<Column> key = spec.key();
    boolean isNative =
        key.size() <= 2 && key.stream().allMatch(column -> nativeType(column.type()) != null);
    return isNative ? new NativeKeyLayout(key) : new EncodedKeyLayout(key);
  }

  /**
   * The key type that keeps distinct values of a column distinct, or null where none does: there is
   * no BOOL key, and N knows neither the negative zero nor NaN.
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
