// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.encoding;

import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.Key;
import io.dimstore.spi.KeyCodec;
import io.dimstore.spi.support.KeyBounds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/**
 * Uses the first key column as the partition key, and the second, if there is one, as the sort key.
 */
final class NativeKeyLayout implements KeyLayout {

  private final List<Column> columns;
  private final List<KeyAttribute> attributes;
  private final ValueCodec[] codecs;
  private final KeyCodec codec;

  NativeKeyLayout(List<Column> key) {
    this.columns = key;
    List<KeyAttribute> found = new ArrayList<>(2);
    for (Column column : key) {
      found.add(
          new KeyAttribute(
              column.name(), Objects.requireNonNull(KeyLayout.nativeType(column.type()))));
    }
    this.attributes = List.copyOf(found);
    this.codecs =
        key.stream().map(column -> ValueCodec.of(column.type())).toArray(ValueCodec[]::new);
    this.codec = new KeyCodec(key);
  }

  @Override
  public List<KeyAttribute> attributes() {
    return attributes;
  }

  @Override
  public @Nullable String problemOf(Key key) {
    for (int i = 0; i < codecs.length; i++) {
      String problem = problemOf(i, key.get(i));
      if (problem != null) {
        return problem;
      }
    }
    return null;
  }

  private @Nullable String problemOf(int i, Object value) {
    if (attributes.get(i).type() == ScalarAttributeType.N) {
      return null; // at most a few dozen bytes
    }
    int bytes =
        value instanceof String text
            ? ItemSize.ofText(text)
            : ItemSize.ofValue(codecs[i].encode(value));
    int most = i == 0 ? MAX_PARTITION_KEY_BYTES : MAX_SORT_KEY_BYTES;
    if (bytes == 0) {
      return "key column "
          + attributes.get(i).name()
          + " is empty, but a key attribute must not be empty";
    }
    return bytes <= most
        ? null
        : "key column "
            + attributes.get(i).name()
            + " has "
            + bytes
            + " bytes; at most "
            + most
            + " are possible";
  }

  @Override
  public Map<String, AttributeValue> primaryKey(Key key) {
    if (codecs.length == 1) {
      return Map.of(attributes.get(0).name(), codecs[0].encode(key.get(0)));
    }
    return Map.of(
        attributes.get(0).name(), codecs[0].encode(key.get(0)),
        attributes.get(1).name(), codecs[1].encode(key.get(1)));
  }

  @Override
  public void addTo(Map<String, AttributeValue> item, Key key) {
    for (int i = 0; i < codecs.length; i++) {
      item.put(attributes.get(i).name(), codecs[i].encode(key.get(i)));
    }
  }

  @Override
  public @Nullable PartitionQuery query(@Nullable Key from, @Nullable Key to) {
    if (from == null || codecs.length != 2 || !KeyBounds.haveSameFirst(columns, from, to)) {
      return null;
    }
    if (problemOf(0, from.get(0)) != null || (to != null && codec.compare(from, to) >= 0)) {
      return PartitionQuery.NOTHING;
    }
    Map<String, String> names = new LinkedHashMap<>();
    Map<String, AttributeValue> values = new LinkedHashMap<>();
    String condition = ReadPlan.placeholder(0) + " = :partition";
    names.put(ReadPlan.placeholder(0), attributes.get(0).name());
    values.put(":partition", codecs[0].encode(from.get(0)));
    boolean sameFirst =
        to != null && codec.compare(from, KeyBounds.from(columns, List.of(to.get(0)))) >= 0;
    Key least = KeyBounds.from(columns, List.of(from.get(0)));
    AttributeValue first = codec.compare(from, least) == 0 ? null : sortBound(from);
    AttributeValue end = to == null || !sameFirst ? null : sortBound(to);
    if (first != null || end != null) {
      String sort = ReadPlan.placeholder(1);
      names.put(sort, attributes.get(1).name());
      if (first != null) {
        values.put(":first", first);
      }
      if (end != null) {
        values.put(":end", end);
      }
      // A query has only one condition on the sort key, and BETWEEN includes the end of the range.
      condition +=
          " AND "
              + sort
              + (end == null
                  ? " >= :first"
                  : first == null ? " < :end" : " BETWEEN :first AND :end");
    }
    return new PartitionQuery(condition, names, values);
  }

  /**
   * Returns the sort key of a key if the service can compare with it as the keys are ordered, or
   * null. The service orders dates and times as text, which is not always their order.
   */
  private @Nullable AttributeValue sortBound(Key key) {
    DataType type = columns.get(1).type();
    boolean ordered =
        attributes.get(1).type() != ScalarAttributeType.S || type instanceof DataType.Text;
    Object value = key.get(1);
    return ordered && problemOf(1, value) == null ? codecs[1].encode(value) : null;
  }

  @Override
  public Key keyOf(Map<String, AttributeValue> item) {
    Object[] values = new Object[codecs.length];
    for (int i = 0; i < values.length; i++) {
      AttributeValue attribute = item.get(attributes.get(i).name());
      if (attribute == null) {
        throw new IllegalArgumentException("has no attribute " + attributes.get(i).name());
      }
      values[i] = codecs[i].decode(attribute);
    }
    return Key.of(values);
  }
}
