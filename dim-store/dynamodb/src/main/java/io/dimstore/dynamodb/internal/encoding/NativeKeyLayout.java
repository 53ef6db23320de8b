// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.encoding;

import io.dimstore.spi.Column;
import io.dimstore.spi.Key;
import java.util.ArrayList;
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

  private final List<KeyAttribute> attributes;
  private final ValueCodec[] codecs;

  NativeKeyLayout(List<Column> key) {
    List<KeyAttribute> found = new ArrayList<>(2);
    for (Column column : key) {
      found.add(
          new KeyAttribute(
              column.name(), Objects.requireNonNull(KeyLayout.nativeType(column.type()))));
    }
    this.attributes = List.copyOf(found);
    this.codecs =
        key.stream().map(column -> ValueCodec.of(column.type())).toArray(ValueCodec[]::new);
  }

  @Override
  public List<KeyAttribute> attributes() {
    return attributes;
  }

  @Override
  public @Nullable String problemOf(Key key) {
    for (int i = 0; i < codecs.length; i++) {
      if (attributes.get(i).type() == ScalarAttributeType.N) {
        continue; // at most a few dozen bytes
      }
      int bytes =
          key.get(i) instanceof String text
              ? ItemSize.ofText(text)
              : ItemSize.ofValue(codecs[i].encode(key.get(i)));
      int most = i == 0 ? MAX_PARTITION_KEY_BYTES : MAX_SORT_KEY_BYTES;
      if (bytes == 0) {
        return "key column "
            + attributes.get(i).name()
            + " is empty, but a key attribute must not be empty";
      }
      if (bytes > most) {
        return "key column "
            + attributes.get(i).name()
            + " has "
            + bytes
            + " bytes; at most "
            + most
            + " are possible";
      }
    }
    return null;
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
