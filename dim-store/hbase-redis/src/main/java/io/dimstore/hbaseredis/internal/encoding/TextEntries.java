// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.encoding;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.dimstore.spi.Projection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Translates between packed entries and the two readable formats with the {@link EntryFields}: a
 * JSON object, and a hash with a field for each column that is not null. Leases and fences are the
 * same in every format. Thread-safe.
 */
public final class TextEntries {

  private final EntryFields fields;

  public TextEntries(Layout layout) {
    this.fields = new EntryFields(layout);
  }

  /** Returns the JSON text of a packed entry, without its replication epoch. */
  public byte[] toJson(byte[] packed) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 + 2 * packed.length);
    try (JsonGenerator out = TextCodec.JSON.createGenerator(bytes, JsonEncoding.UTF8)) {
      out.writeStartObject();
      fields.unpack(
          packed,
          new EntryFields.Visitor() {
            @Override
            public void own(String name, String value) throws IOException {
              out.writeFieldName(name);
              if (name.equals(EntryFields.LAYOUT)) {
                out.writeString(value);
              } else {
                out.writeRawValue(value);
              }
            }

            @Override
            public void column(int column, @Nullable Object value) throws IOException {
              out.writeFieldName(fields.name(column));
              fields.codec(column).writeNullable(value, out);
            }
          });
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Returns the names of the hash fields that are needed to read these columns of a row. */
  public List<byte[]> fields(Projection columns) {
    return fields.needed(columns).stream().map(Utf8::encode).toList();
  }

  /**
   * Returns the hash fields of a packed entry: names and values alternate, each preceded by four
   * bytes of length.
   */
  public byte[] toHash(byte[] packed) {
    ByteSink out = new ByteSink(64 + 2 * packed.length);
    try {
      fields.unpack(
          packed,
          new EntryFields.Visitor() {
            @Override
            public void own(String name, String value) {
              add(out, Utf8.encode(name));
              add(out, Utf8.encode(value));
            }

            @Override
            public void column(int column, @Nullable Object value) {
              if (value != null) {
                add(out, Utf8.encode(fields.name(column)));
                add(out, Utf8.encode(fields.codec(column).toText(value)));
              }
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toBytes();
  }

  private static void add(ByteSink out, byte[] text) {
    out.i32(text.length);
    out.raw(text);
  }

  /**
   * Returns the packed entry of a JSON text. A lease and a fence are returned as they are. Other
   * bytes are returned unchanged if they cannot be mistaken for a packed entry, else replaced by a
   * byte that is none.
   */
  public byte[] ofJson(byte[] text) {
    if (text.length == 0 || text[0] != '{') {
      return EntryCodec.isLeaseOrFence(text) ? text : foreign(text);
    }
    try (JsonParser in = TextCodec.JSON.createParser(text)) {
      Map<String, String> own = new HashMap<>();
      @Nullable Object[] values = new @Nullable Object[fields.columns()];
      in.nextToken();
      while (in.nextToken() != JsonToken.END_OBJECT) {
        String name = in.currentName();
        in.nextToken();
        int at = fields.columnOf(name);
        if (at >= 0) {
          if (!fields.hasOtherLayout(own)) {
            values[at] = fields.codec(at).readNullable(in);
          }
        } else if (EntryFields.OWN.contains(name)) {
          own.put(name, in.getText());
        } else if (!fields.hasOtherLayout(own)) {
          return foreign(text);
        }
        in.skipChildren();
      }
      return fields.pack(own, values);
    } catch (IOException | RuntimeException e) {
      return foreign(text);
    }
  }

  /**
   * Returns the packed entry of a hash, whose field names and values alternate; null if all values
   * are null. If the fields are not a valid entry, the result is other bytes, which cannot be
   * mistaken for a packed entry.
   */
  public byte @Nullable [] ofHash(List<byte @Nullable []> pairs) {
    Map<String, String> own = new HashMap<>();
    @Nullable Object[] values = new @Nullable Object[fields.columns()];
    boolean any = false;
    for (int i = 0; i + 1 < pairs.size(); i += 2) {
      any |= pairs.get(i + 1) != null;
    }
    if (!any) {
      return null;
    }
    try {
      for (String name : EntryFields.OWN) {
        String value = valueOf(pairs, name);
        if (value != null) {
          own.put(name, value);
        }
      }
      for (int i = 0; i < fields.columns() && !fields.hasOtherLayout(own); i++) {
        String value = valueOf(pairs, fields.name(i));
        values[i] = value == null ? null : fields.codec(i).ofText(value);
      }
      return fields.pack(own, values);
    } catch (RuntimeException e) {
      return foreign(raw(pairs));
    }
  }

  /** Returns alternating names and values as {@link #toHash} writes them. */
  public static byte[] raw(List<byte @Nullable []> pairs) {
    ByteSink out = new ByteSink(64);
    for (byte[] part : pairs) {
      add(out, part == null ? new byte[0] : part);
    }
    return out.toBytes();
  }

  /**
   * Whether two hashes, in the form of {@link #raw}, have the same fields and values, in any order.
   */
  public static boolean sameFields(byte[] one, byte[] other) {
    return asMap(one).equals(asMap(other));
  }

  private static Map<ByteBuffer, ByteBuffer> asMap(byte[] hash) {
    Map<ByteBuffer, ByteBuffer> map = new HashMap<>();
    ByteSource in = new ByteSource(hash);
    while (in.remaining() > 0) {
      map.put(ByteBuffer.wrap(in.raw(in.i32())), ByteBuffer.wrap(in.raw(in.i32())));
    }
    return map;
  }

  private static @Nullable String valueOf(List<byte @Nullable []> pairs, String name) {
    byte[] wanted = Utf8.encode(name);
    for (int i = 0; i + 1 < pairs.size(); i += 2) {
      if (Arrays.equals(pairs.get(i), wanted)) {
        byte[] value = pairs.get(i + 1);
        return value == null ? null : Utf8.decode(value, 0, value.length);
      }
    }
    return null;
  }

  /**
   * Returns bytes that cannot be mistaken for a packed entry: the given ones if that holds for
   * them.
   */
  private static byte[] foreign(byte[] bytes) {
    return EntryCodec.isKnown(bytes) ? new byte[] {0} : bytes;
  }
}
