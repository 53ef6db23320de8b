// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hash;

import io.dimstore.spi.Change;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.Key;
import io.dimstore.spi.KeyCodec;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.TableSpec;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Computes the canonical hash of a row: of its key, all its columns by their SQL types, its version
 * and its expiry. Equal rows have equal hashes whatever store they come from. A tombstone has a
 * hash too. Not thread-safe; each thread uses an instance of its own.
 *
 * <p>The hash is the first 128 bits of the SHA-256 of these bytes, with numbers big-endian:
 *
 * <ol>
 *   <li>{@code 'P'} for a row, {@code 'D'} for a tombstone or an expired row
 *   <li>the version as 64 bits
 *   <li>the length of the key as 32 bits, and the bytes of {@link KeyCodec}
 *   <li>of a row: the expiry as 64 bits, {@code Long.MAX_VALUE} for none; the number of value
 *       columns as 32 bits; the values in the order of the UTF-16 units of the columns' names
 * </ol>
 *
 * <p>A value is 00 for NULL, or 01 and then, by its type:
 *
 * <ul>
 *   <li>BOOLEAN 00 or 01; TINYINT, SMALLINT, INT, BIGINT 8, 16, 32, 64 bits
 *   <li>FLOAT, DOUBLE 32 and 64 bits of IEEE 754, every NaN as the canonical one
 *   <li>DECIMAL the unscaled value as shortest two's complement, with its length before it
 *   <li>text in UTF-8 and binary, with the number of bytes as 32 bits before it
 *   <li>DATE days since 1970-01-01, TIME nanoseconds of the day, INTERVAL months or milliseconds,
 *       each as 64 bits
 *   <li>TIMESTAMP and TIMESTAMP_LTZ seconds since 1970-01-01 (as if in UTC) as 64 bits and
 *       nanoseconds as 32 bits
 *   <li>ARRAY the number of elements as 32 bits and each element as a value; ROW its fields in
 *       their order
 *   <li>MAP and MULTISET the number of entries as 32 bits, and the entries: each is the key as a
 *       value, and then what it maps to as a value (for a MULTISET the count as an INT). Entries
 *       are in ascending unsigned order of their keys' bytes
 * </ul>
 */
public final class RowHash {

  /** Names the format of the hashed bytes and the hash. */
  public static final String FORMAT = "dimstore-row-hash/1";

  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private final KeyCodec keys;
  private final int[] order;
  private final DataType[] types;
  private final HashInput input = new HashInput();
  private final MessageDigest sha256 = sha256();

  /** Creates a hash for rows with all value columns of a table. */
  public RowHash(TableSpec spec) {
    this.keys = new KeyCodec(spec.key());
    List<Column> values = spec.values();
    List<Integer> positions = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      positions.add(i);
    }
    positions.sort(Comparator.comparing(i -> values.get(i).name()));
    this.order = positions.stream().mapToInt(Integer::intValue).toArray();
    this.types =
        positions.stream().map(i -> values.get(i).type()).toList().toArray(new DataType[0]);
  }

  /** Returns the hash of a row or a tombstone. */
  public Digest of(Change change) {
    write(change);
    sha256.update(input.array(), 0, input.size());
    byte[] hash = sha256.digest();
    return new Digest(number(hash, 0), number(hash, Long.BYTES));
  }

  /** Returns the bytes that are hashed. */
  byte[] canonical(Change change) {
    write(change);
    return Arrays.copyOf(input.array(), input.size());
  }

  /**
   * Returns 64 well-mixed bits of a key, independent of the store: FNV-1a over the bytes of {@link
   * KeyCodec}, finished as MurmurHash3 finishes 64 bits.
   */
  public long ofKey(Key key) {
    long hash = FNV_OFFSET;
    for (byte b : keys.encode(key)) {
      hash = (hash ^ (b & 0xff)) * FNV_PRIME;
    }
    hash ^= hash >>> 33;
    hash *= 0xff51afd7ed558ccdL;
    hash ^= hash >>> 33;
    hash *= 0xc4ceb9fe1a85ec53L;
    return hash ^ (hash >>> 33);
  }

  private void write(Change change) {
    input.reset();
    input.put(change instanceof Put ? 'P' : 'D');
    input.putLong(change.version());
    input.putBlock(keys.encode(change.key()));
    if (change instanceof Put put) {
      input.putLong(put.expiresAtMillis());
      input.putInt(order.length);
      for (int i = 0; i < order.length; i++) {
        value(types[i], put.row().get(order[i]));
      }
    }
  }

  private void value(DataType type, @Nullable Object value) {
    if (value == null) {
      input.put(0);
      return;
    }
    input.put(1);
    if (type instanceof DataType.Simple simple) {
      simple(simple, value);
    } else if (type instanceof DataType.Decimal decimal) {
      input.putBlock(((BigDecimal) value).setScale(decimal.scale()).unscaledValue().toByteArray());
    } else if (type instanceof DataType.Text) {
      input.putBlock(((String) value).getBytes(StandardCharsets.UTF_8));
    } else if (type instanceof DataType.Binary) {
      input.putBlock((byte[]) value);
    } else if (type instanceof DataType.Time) {
      input.putLong(((LocalTime) value).toNanoOfDay());
    } else if (type instanceof DataType.Timestamp) {
      LocalDateTime time = (LocalDateTime) value;
      input.putLong(time.toEpochSecond(ZoneOffset.UTC));
      input.putInt(time.getNano());
    } else if (type instanceof DataType.TimestampLtz) {
      Instant time = (Instant) value;
      input.putLong(time.getEpochSecond());
      input.putInt(time.getNano());
    } else {
      nested(type, value);
    }
  }

  private void simple(DataType.Simple type, Object value) {
    switch (type) {
      case BOOLEAN -> input.put((Boolean) value ? 1 : 0);
      case TINYINT -> input.put((Byte) value);
      case SMALLINT -> input.number((Short) value, Short.BYTES);
      case INT -> input.putInt((Integer) value);
      case BIGINT -> input.putLong((Long) value);
      case FLOAT -> input.putInt(Float.floatToIntBits((Float) value));
      case DOUBLE -> input.putLong(Double.doubleToLongBits((Double) value));
      case DATE -> input.putLong(((LocalDate) value).toEpochDay());
      case INTERVAL_YEAR_MONTH -> input.putLong(((Period) value).toTotalMonths());
      case INTERVAL_DAY_TIME -> input.putLong(((Duration) value).toMillis());
    }
  }

  private void nested(DataType type, Object value) {
    if (type instanceof DataType.Array array) {
      List<?> elements = (List<?>) value;
      input.putInt(elements.size());
      elements.forEach(element -> value(array.element(), element));
    } else if (type instanceof DataType.Multiset multiset) {
      entries(multiset.element(), DataType.Simple.INT, (Map<?, ?>) value);
    } else if (type instanceof DataType.MapOf map) {
      entries(map.key(), map.value(), (Map<?, ?>) value);
    } else if (type instanceof DataType.RowOf row) {
      Row fields = (Row) value;
      for (int i = 0; i < row.fields().size(); i++) {
        value(row.fields().get(i).type(), fields.get(i));
      }
    } else {
      throw StoreException.invalid("The hash has no format for " + type);
    }
  }

  private record Entry(byte[] key, byte[] value) {}

  private void entries(DataType keyType, DataType valueType, Map<?, ?> map) {
    input.putInt(map.size());
    List<Entry> entries = new ArrayList<>(map.size());
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      int begin = input.size();
      value(keyType, entry.getKey());
      byte[] key = input.cut(begin);
      value(valueType, entry.getValue());
      entries.add(new Entry(key, input.cut(begin)));
    }
    entries.sort(Comparator.comparing(Entry::key, Arrays::compareUnsigned));
    for (Entry entry : entries) {
      input.putAll(entry.key());
      input.putAll(entry.value());
    }
  }

  private static long number(byte[] bytes, int from) {
    long value = 0;
    for (int i = from; i < from + Long.BYTES; i++) {
      value = value << 8 | (bytes[i] & 0xff);
    }
    return value;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Returns the SHA-256 of a text in UTF-8, in hexadecimal. */
  public static String ofText(String text) {
    return java.util.HexFormat.of()
        .formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Returns a text that is equal for tables with equal keys and columns, whatever their order. */
  public static String layoutOf(TableSpec spec) {
    List<String> columns =
        spec.values().stream().map(Objects::toString).sorted(Comparator.naturalOrder()).toList();
    return ofText(FORMAT + " " + spec.key() + " " + columns);
  }
}
