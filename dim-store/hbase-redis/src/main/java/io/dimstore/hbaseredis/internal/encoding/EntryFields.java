// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.encoding;

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
 * The fields of entries in the readable formats, JSON and hash. An entry has a field for each value
 * column, under the column's name, and the store's own fields: {@link #VERSION} and the constants
 * after it. Translates to and from the packed entries of {@link EntryCodec}. Thread-safe.
 */
public final class EntryFields {

  /** The prefix of the store's own fields. Columns must not begin with it. */
  static final String RESERVED = "__dim_";

  /** The version; the first field of every entry that has one. */
  static final String VERSION = "__dim_v";

  /** When the row expires, in epoch milliseconds; missing if it does not expire. */
  static final String EXPIRY = "__dim_x";

  /** A fingerprint of the columns and types that the writer declared, in hexadecimal. */
  static final String LAYOUT = "__dim_c";

  /** {@code true} for a tombstone. */
  static final String DELETED = "__dim_d";

  /** {@code true} for a negative entry: HBase has neither row nor tombstone. */
  static final String NOTHING = "__dim_n";

  /**
   * The replication epoch, in hexadecimal. The connection adds it to JSON, and the script to
   * hashes; this class never sees its value.
   */
  public static final String EPOCH = "__dim_e";

  /** The store's own fields that this class writes and reads, in their order. */
  static final List<String> OWN = List.of(VERSION, EXPIRY, LAYOUT, DELETED, NOTHING);

  private static final String TRUE = "true";

  private final ColumnMapping[] mappings;
  private final TextCodec[] codecs;
  private final int fingerprint;
  private final String layout;

  EntryFields(Layout layout) {
    this.mappings = layout.mappings();
    this.fingerprint = layout.fingerprint();
    this.codecs = new TextCodec[mappings.length];
    CRC32 crc = new CRC32();
    crc.update(Utf8.encode(hex(fingerprint)));
    for (int i = 0; i < mappings.length; i++) {
      codecs[i] = TextCodec.of(mappings[i].column().type());
      // The layout's fingerprint covers cells and types; these entries also contain the columns'
      // names.
      crc.update(Utf8.encode("\n" + mappings[i].column().name()));
    }
    this.layout = hex((int) crc.getValue());
  }

  /** Returns the number of value columns. */
  int columns() {
    return mappings.length;
  }

  /** Returns the name of the column at a position. */
  String name(int column) {
    return mappings[column].column().name();
  }

  /** Returns the text codec of the column at a position. */
  TextCodec codec(int column) {
    return codecs[column];
  }

  /** Returns the position of the column with this name, or -1. */
  int columnOf(String name) {
    for (int i = 0; i < mappings.length; i++) {
      if (name(i).equals(name)) {
        return i;
      }
    }
    return -1;
  }

  /** Returns the names of the fields that are needed to read these columns of a row. */
  List<String> needed(Projection columns) {
    List<String> names = new ArrayList<>(OWN);
    for (int i = 0; i < mappings.length; i++) {
      if (isIn(columns, mappings[i])) {
        names.add(name(i));
      }
    }
    return names;
  }

  private static boolean isIn(Projection columns, ColumnMapping mapping) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.index(i) == mapping.index()) {
        return true;
      }
    }
    return false;
  }

  /** Receives the fields of an entry one after another, the store's own first. */
  interface Visitor {
    void own(String name, String value) throws IOException;

    void column(int column, @Nullable Object value) throws IOException;
  }

  /** Passes the fields of a packed entry, which must not be a lease, to the visitor. */
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
    int nulls = in.skip((mappings.length + 7) / 8);
    for (int i = 0; i < mappings.length; i++) {
      visitor.column(i, in.bit(nulls, i) ? null : mappings[i].packed().read().apply(in));
    }
  }

  /**
   * Whether the store's own fields are those of an entry whose writer declared other columns.
   * {@link #LAYOUT} precedes the columns, so this is known before they are read.
   */
  boolean hasOtherLayout(Map<String, String> own) {
    String declared = own.get(LAYOUT);
    return declared != null && !declared.equals(layout);
  }

  /**
   * Returns the packed entry of these fields.
   *
   * @param own the store's own fields
   * @param values the values of the columns; ignored if the entry {@link #hasOtherLayout}
   * @throws RuntimeException if the fields are not a valid entry
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
    if (hasOtherLayout(own)) {
      return EntryCodec.ofOther(version, expiresAt, ~fingerprint);
    }
    return EntryCodec.encode(mappings, fingerprint, values, version, expiresAt);
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
