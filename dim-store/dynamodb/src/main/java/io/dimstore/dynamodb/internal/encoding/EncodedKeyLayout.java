// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.encoding;

import io.dimstore.spi.Column;
import io.dimstore.spi.Key;
import io.dimstore.spi.KeyCodec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/**
 * The partition key is the bytes of {@link KeyCodec}. The key columns are also stored as plain
 * attributes for other tools, but are not read: only the bytes identify the row.
 */
final class EncodedKeyLayout implements KeyLayout {

  private static final List<KeyAttribute> ATTRIBUTES =
      List.of(new KeyAttribute(SystemAttributes.KEY, ScalarAttributeType.B));

  private final KeyCodec codec;
  private final List<Column> columns;
  private final ValueCodec[] codecs;

  EncodedKeyLayout(List<Column> key) {
    this.codec = new KeyCodec(key);
    this.columns = key;
    this.codecs =
        key.stream().map(column -> ValueCodec.of(column.type())).toArray(ValueCodec[]::new);
  }

  @Override
  public List<KeyAttribute> attributes() {
    return ATTRIBUTES;
  }

  @Override
  public @Nullable String problemOf(Key key) {
    int bytes = codec.encode(key).length;
    return bytes > MAX_PARTITION_KEY_BYTES
        ? "the key has " + bytes + " bytes; at most " + MAX_PARTITION_KEY_BYTES + " are possible"
        : null;
  }

  @Override
  public Map<String, AttributeValue> primaryKey(Key key) {
    return Map.of(
        SystemAttributes.KEY,
        AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(codec.encode(key))));
  }

  @Override
  public void addTo(Map<String, AttributeValue> item, Key key) {
    item.putAll(primaryKey(key));
    for (int i = 0; i < codecs.length; i++) {
      item.put(columns.get(i).name(), codecs[i].encode(key.get(i)));
    }
  }

  /** Returns null, because every key is a partition of its own. */
  @Override
  public @Nullable PartitionQuery query(@Nullable Key from, @Nullable Key to) {
    return null;
  }

  @Override
  public Key keyOf(Map<String, AttributeValue> item) {
    AttributeValue attribute = item.get(SystemAttributes.KEY);
    if (attribute == null || attribute.b() == null) {
      throw new IllegalArgumentException("has no binary attribute " + SystemAttributes.KEY);
    }
    return codec.decode(attribute.b().asByteArrayUnsafe());
  }
}
