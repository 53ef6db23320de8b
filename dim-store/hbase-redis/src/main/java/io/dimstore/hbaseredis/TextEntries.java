package io.dimstore.hbaseredis;

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
 * The two notations of {@link EntryFields}: a JSON object, or a hash with a field for each column
 * that is not null. Leases stay as they are. Thread-safe.
 */
final class TextEntries {

  private final EntryFields fields;

  TextEntries(Layout layout) {
    this.fields = new EntryFields(layout);
  }

  /** The JSON of a packed entry. */
  byte[] toJson(byte[] packed) {
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

  /** The fields of a hash without which no row of these columns can be told. */
  List<byte[]> fields(Projection columns) {
    return fields.needed(columns).stream().map(Utf8::encode).toList();
  }

  /** The fields of a packed entry and their values in turn, each after four bytes of length. */
  byte[] toHash(byte[] packed) {
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
   * The packed entry of a JSON text, a lease as it is, and other bytes as they are, which are no
   * packed entry.
   */
  byte[] ofJson(byte[] text) {
    if (text.length == 0 || text[0] != '{') {
      return EntryCodec.isLease(text) ? text : foreign(text);
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
          if (!fields.isOther(own)) {
            values[at] = fields.codec(at).readNullable(in);
          }
        } else if (EntryFields.OWN.contains(name)) {
          own.put(name, in.getText());
        } else if (!fields.isOther(own)) {
          return foreign(text);
        }
        in.skipChildren();
      }
      return fields.pack(own, values);
    } catch (IOException | RuntimeException e) {
      return foreign(text);
    }
  }

  /** The packed entry of a hash, its fields and their values in turn; null where it has none. */
  byte @Nullable [] ofHash(List<byte @Nullable []> pairs) {
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
      for (int i = 0; i < fields.columns() && !fields.isOther(own); i++) {
        String value = valueOf(pairs, fields.name(i));
        values[i] = value == null ? null : fields.codec(i).ofText(value);
      }
      return fields.pack(own, values);
    } catch (RuntimeException e) {
      return foreign(raw(pairs));
    }
  }

  /** Fields and values in turn as {@link #toHash} writes them. */
  static byte[] raw(List<byte @Nullable []> pairs) {
    ByteSink out = new ByteSink(64);
    for (byte[] part : pairs) {
      add(out, part == null ? new byte[0] : part);
    }
    return out.toBytes();
  }

  /** Whether two hashes hold the same, in whatever order. */
  static boolean sameFields(byte[] one, byte[] other) {
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

  /** Bytes that cannot be taken for a packed entry: those there are, where that is so. */
  private static byte[] foreign(byte[] bytes) {
    return EntryCodec.isKnown(bytes) ? new byte[] {0} : bytes;
  }
}
