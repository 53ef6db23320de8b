package io.dimstore.hbaseredis;

import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * What an entry says in fields that people can read, whatever the notation: beside the columns that
 * are not the key, under their names, each entry has what {@link #VERSION} and the others name.
 * Translates to and from the packed entries of {@link EntryCodec}. Thread-safe.
 */
final class EntryFields {

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

  /** The store's own fields of an entry as it is written and read, in their order. */
  static final List<String> OWN = List.of(VERSION, EXPIRY, LAYOUT, DELETED, NOTHING);

  private static final String TRUE = "true";

  private final Slot[] slots;
  private final TextCodec[] codecs;
  private final int fingerprint;
  private final String layout;

  EntryFields(Layout layout) {
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

  /** How many columns there are. */
  int columns() {
    return slots.length;
  }

  /** The name of a column by its position. */
  String name(int column) {
    return slots[column].column().name();
  }

  /** How the values of a column are told, by its position. */
  TextCodec codec(int column) {
    return codecs[column];
  }

  /** The position of the column of this name, or -1. */
  int columnOf(String name) {
    for (int i = 0; i < slots.length; i++) {
      if (name(i).equals(name)) {
        return i;
      }
    }
    return -1;
  }

  /** The names of the fields without which no row of these columns can be told. */
  List<String> needed(Projection columns) {
    List<String> names = new ArrayList<>(OWN);
    for (int i = 0; i < slots.length; i++) {
      if (isIn(columns, slots[i])) {
        names.add(name(i));
      }
    }
    return names;
  }

  private static boolean isIn(Projection columns, Slot slot) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.index(i) == slot.index()) {
        return true;
      }
    }
    return false;
  }

  /** Is told the fields of an entry one after the other, those of the store first. */
  interface Visitor {
    void own(String name, String value) throws IOException;

    void column(int column, @Nullable Object value) throws IOException;
  }

  /** Tells the fields of a packed entry that is no lease. */
  void unpack(byte[] packed, Visitor visitor) throws IOException {
    ByteSource in = new ByteSource(packed);
    in.skip(1);
    byte kind = in.i8();
    if (kind == EntryCodec.NEGATIVE) {
      visitor.own(NOTHING, TRUE);
      return;
    }
    visitor.own(VERSION, Long.toString(in.i64()));
    if (kind == EntryCodec.TOMBSTONE) {
      visitor.own(DELETED, TRUE);
      return;
    }
    long expiresAt = in.i64();
    in.skip(4);
    if (expiresAt != Put.NEVER) {
      visitor.own(EXPIRY, Long.toString(expiresAt));
    }
    visitor.own(LAYOUT, layout);
    int nulls = in.skip((slots.length + 7) / 8);
    for (int i = 0; i < slots.length; i++) {
      visitor.column(i, in.bit(nulls, i) ? null : slots[i].packed().read().apply(in));
    }
  }

  /**
   * Whether these are of the entry of a job that declares other columns: {@link #LAYOUT} comes
   * before the columns.
   */
  boolean isOther(Map<String, String> own) {
    String declared = own.get(LAYOUT);
    return declared != null && !declared.equals(layout);
  }

  /**
   * The packed entry of these fields.
   *
   * @param own those of the store
   * @param values those of the columns; they do not count where the entry {@link #isOther}
   * @throws RuntimeException where they make no entry
   */
  byte[] pack(Map<String, String> own, @Nullable Object[] values) {
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

  private static String hex(int value) {
    return HexFormat.of().toHexDigits(value);
  }
}
