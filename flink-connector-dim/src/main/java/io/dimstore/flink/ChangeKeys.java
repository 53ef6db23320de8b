package io.dimstore.flink;

import io.dimstore.spi.Key;
import io.dimstore.spi.KeyCodec;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.table.data.RowData;
import org.jspecify.annotations.Nullable;

/**
 * The primary key of rows as Flink partitions by it: the bytes of the key, one character each;
 * empty where a key column is null.
 */
final class ChangeKeys implements KeySelector<RowData, String> {

  private static final long serialVersionUID = 1L;

  private final TableLayout layout;
  private transient ToStore.@Nullable Fields fields;
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

  /** The key for people. */
  String describe(RowData row) {
    return String.valueOf(read(row));
  }

  private @Nullable Key read(RowData row) {
    ToStore.Fields reader = fields;
    if (reader == null) {
      reader = new ToStore.Fields(layout.typesAt(layout.keyPositions()), layout.keyPositions());
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
