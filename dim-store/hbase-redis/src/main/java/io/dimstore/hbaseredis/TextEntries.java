package io.dimstore.hbaseredis;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Entries that people can read, to and from the packed ones of {@link EntryCodec}, which the rest
 * of the store deals in: a JSON object, or a hash with a field for each column that is not null.
 * Beside the columns, under their names, each has what {@link #VERSION} and the others name. Leases
 * stay as they are. Thread-safe.
 */
final class TextEntries {

  /** What the store's own fields begin with; no column may. */
  static final String RESERVED = "__dim_";

  /** The version; the first field of every entry that has one. */
  static final String VERSION = "__dim_v";

  /** When the row expires, in epoch milliseconds; missing where it stays. */
  static final String EXPIRY = "__dim_x";

  /** Which columns and types the writer declared, in hexadecimal. */
  static final String LAYOUT = "__dim_c";

  /** {@code true}: a tombstone. */
  static final String DELETED = "__dim_d";

  /** {@code true}: HBase has nothing. */
  static final String NOTHING = "__dim_n";

  /** The reign, in hexadecimal; the scripts add it, and to nobody here is it known. */
  static final String REIGN = "__dim_r";

  private static final List<String> OWN = List.of(VERSION, EXPIRY, LAYOUT, DELETED, NOTHING);
  private static final String TRUE = "true";

  private final Slot[] slots;
  private final TextCodec[] codecs;
  private final int fingerprint;
  private final String layout;

  TextEntries(Layout layout) {
    this.slots = layout.slots();
    this.fingerprint = layout.fingerprint();
    this.codecs = new TextCodec[slots.length];
    CRC32 crc = new CRC32();
    crc.update(Utf8.encode(hex(fingerprint)));
    for (int i = 0; i < slots.length; i++) {
      codecs[i] = TextCodec.of(slots[i].column().type());
      // Cells are what columns share; here it is their names.
      crc.update(Utf8.encode("\n" + slots[i].column().name()));
    }
    this.layout = hex((int) crc.getValue());
  }

  /** The fields without which no row of these columns can be told. */
  List<byte[]> fields(Projection columns) {
    List<byte[]> fields = new ArrayList<>();
    OWN.forEach(name -> fields.add(Utf8.encode(name)));
    for (Slot slot : slots) {
      if (isIn(columns, slot)) {
        fields.add(Utf8.encode(slot.column().name()));
      }
    }
    return fields;
  }

  private static boolean isIn(Projection columns, Slot slot) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.index(i) == slot.index()) {
        return true;
      }
    }
    return false;
  }

  /** The JSON of a packed entry. */
  byte[] toJson(byte[] packed) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 + 2 * packed.length);
    try (JsonGenerator out = TextCodec.JSON.createGenerator(bytes, JsonEncoding.UTF8)) {
      out.writeStartObject();
      unpack(
          packed,
          new Fields() {
            @Override
            public void own(String name, String value) throws IOException {
              out.writeFieldName(name);
              if (name.equals(LAYOUT)) {
                out.writeString(value);
              } else {
                out.writeRawValue(value);
              }
            }

            @Override
            public void column(int slot, @Nullable Object value) throws IOException {
              out.writeFieldName(slots[slot].column().name());
              codecs[slot].writeNullable(value, out);
            }
          });
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** The fields of a packed entry and their values in turn, each after four bytes of length. */
  byte[] toHash(byte[] packed) {
    ByteSink out = new ByteSink(64 + 2 * packed.length);
    try {
      unpack(
          packed,
          new Fields() {
            @Override
            public void own(String name, String value) {
              add(out, Utf8.encode(name));
              add(out, Utf8.encode(value));
            }

            @Override
            public void column(int slot, @Nullable Object value) {
              if (value != null) {
                add(out, Utf8.encode(slots[slot].column().name()));
                add(out, Utf8.encode(codecs[slot].toText(value)));
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

  /** Is told the fields of an entry one after the other. */
  private interface Fields {
    void own(String name, String value) throws IOException;

    void column(int slot, @Nullable Object value) throws IOException;
  }

  private void unpack(byte[] packed, Fields fields) throws IOException {
    ByteSource in = new ByteSource(packed);
    in.skip(1);
    byte kind = in.i8();
    if (kind == EntryCodec.NEGATIVE) {
      fields.own(NOTHING, TRUE);
      return;
    }
    fields.own(VERSION, Long.toString(in.i64()));
    if (kind == EntryCodec.TOMBSTONE) {
      fields.own(DELETED, TRUE);
      return;
    }
    long expiresAt = in.i64();
    in.skip(4);
    if (expiresAt != Put.NEVER) {
      fields.own(EXPIRY, Long.toString(expiresAt));
    }
    fields.own(LAYOUT, layout);
    int nulls = in.skip((slots.length + 7) / 8);
    for (int i = 0; i < slots.length; i++) {
      fields.column(i, in.bit(nulls, i) ? null : slots[i].packed().read().apply(in));
    }
  }

  /**
   * The packed entry of a JSON text, a lease as it is, and other bytes as they are, which are no
   * packed entry.
   */
  byte[] ofJson(byte[] text) {
    if (text.length == 0 || text[0] != '{') {
      return isLease(text) ? text : foreign(text);
    }
    try (JsonParser in = TextCodec.JSON.createParser(text)) {
      Map<String, String> own = new HashMap<>();
      @Nullable Object[] values = new @Nullable Object[slots.length];
      in.nextToken();
      while (in.nextToken() != JsonToken.END_OBJECT) {
        String name = in.currentName();
        in.nextToken();
        int at = slotOf(name);
        if (at >= 0) {
          if (!isOther(own)) {
            values[at] = codecs[at].readNullable(in);
          }
        } else if (OWN.contains(name)) {
          own.put(name, in.getText());
        } else if (!isOther(own)) {
          return foreign(text);
        }
        in.skipChildren();
      }
      return pack(own, values);
    } catch (IOException | RuntimeException e) {
      return foreign(text);
    }
  }

  /** The packed entry of a hash, its fields and their values in turn; null where it has none. */
  byte @Nullable [] ofHash(List<byte @Nullable []> pairs) {
    Map<String, String> own = new HashMap<>();
    @Nullable Object[] values = new @Nullable Object[slots.length];
    boolean any = false;
    for (int i = 0; i + 1 < pairs.size(); i += 2) {
      any |= pairs.get(i + 1) != null;
    }
    if (!any) {
      return null;
    }
    try {
      for (String name : OWN) {
        String value = valueOf(pairs, name);
        if (value != null) {
          own.put(name, value);
        }
      }
      for (int i = 0; i < slots.length && !isOther(own); i++) {
        String value = valueOf(pairs, slots[i].column().name());
        values[i] = value == null ? null : codecs[i].ofText(value);
      }
      return pack(own, values);
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

  /** Whether a packed entry is of these columns, or of none. */
  boolean isOurs(byte[] packed) {
    return EntryCodec.isKnown(packed)
        && packed[1] != EntryCodec.LEASE
        && (packed[1] != EntryCodec.ROW || new ByteSource(packed, 18, 4).i32() == fingerprint);
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

  private int slotOf(String name) {
    for (int i = 0; i < slots.length; i++) {
      if (slots[i].column().name().equals(name)) {
        return i;
      }
    }
    return -1;
  }

  /** Whether it is the entry of a job that declares other columns: known by now, it comes early. */
  private boolean isOther(Map<String, String> own) {
    String declared = own.get(LAYOUT);
    return declared != null && !declared.equals(layout);
  }

  private byte[] pack(Map<String, String> own, @Nullable Object[] values) {
    if (TRUE.equals(own.get(NOTHING))) {
      return EntryCodec.negative();
    }
    long version = Long.parseLong(required(own, VERSION));
    if (TRUE.equals(own.get(DELETED))) {
      return EntryCodec.tombstone(version);
    }
    required(own, LAYOUT);
    String expiry = own.get(EXPIRY);
    long expiresAt = expiry == null ? Put.NEVER : Long.parseLong(expiry);
    if (isOther(own)) {
      return EntryCodec.ofOther(version, expiresAt, ~fingerprint);
    }
    return EntryCodec.encode(slots, fingerprint, values, version, expiresAt);
  }

  private static String required(Map<String, String> own, String name) {
    String value = own.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no " + name);
    }
    return value;
  }

  private static boolean isLease(byte[] entry) {
    return EntryCodec.isKnown(entry) && entry[1] == EntryCodec.LEASE;
  }

  /** Bytes that cannot be taken for a packed entry: those there are, where that is so. */
  private static byte[] foreign(byte[] bytes) {
    return EntryCodec.isKnown(bytes) ? new byte[] {0} : bytes;
  }

  private static String hex(int value) {
    return HexFormat.of().toHexDigits(value);
  }
}
