// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.sink.order;

import io.dimstore.flink.internal.row.RowDataToValueConverter;
import io.dimstore.flink.internal.row.TableLayout;
import io.dimstore.spi.Key;
import io.dimstore.spi.KeyCodec;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.table.data.RowData;
import org.jspecify.annotations.Nullable;

/**
 * Extracts the primary key by which Flink partitions rows. The string has one character per byte of
 * the encoded key. It is empty if a key column is null.
 */
final class ChangeKeys implements KeySelector<RowData, String> {

  private static final long serialVersionUID = 1L;

  private final TableLayout layout;
  private transient RowDataToValueConverter.@Nullable Fields fields;
  private transient @Nullable KeyCodec codec;

  ChangeKeys(TableLayout layout) {
    this.layout = layout;
  }

  @Override
  public String getKey(RowData row) {
    Key key = read(row);
    KeyCodec encoder = codec;
    if (encoder == null) {
      encoder = new KeyCodec(layout.spec().key());
      codec = encoder;
    }
    return key == null ? "" : new String(encoder.encode(key), StandardCharsets.ISO_8859_1);
  }

  /** Returns the key as readable text for messages. */
  String describe(RowData row) {
    return String.valueOf(read(row));
  }

  private @Nullable Key read(RowData row) {
    RowDataToValueConverter.Fields reader = fields;
    if (reader == null) {
      reader =
          new RowDataToValueConverter.Fields(
              layout.typesAt(layout.keyPositions()), layout.keyPositions());
      fields = reader;
    }
    Object[] parts = new Object[reader.size()];
    for (int i = 0; i < parts.length; i++) {
      Object part = reader.get(row, i);
      if (part == null) {
        return null;
      }
      parts[i] = part;
    }
    return Key.of(parts);
  }
}
