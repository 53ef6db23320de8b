// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.encoding;

import io.dimstore.hbaseredis.internal.options.KeyCodecKind;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.UnaryOperator;
import org.apache.hadoop.hbase.util.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Transforms the bytes of a key so that rows which are written together are spread over the
 * regions: it adds a prefix that is computed from the bytes, or reverses them. Thread-safe.
 *
 * <p>Salts are computed as Apache Phoenix computes them for its salted tables: one byte, the hash
 * of the key modulo the number of buckets.
 */
final class RowKeyCodec {

  private static final byte[] NO_PREFIX = {};

  private final boolean plain;
  private final @Nullable UnaryOperator<byte[]> backwards;
  private final UnaryOperator<byte[]> prefix;
  private final int width;

  private RowKeyCodec(
      boolean plain,
      @Nullable UnaryOperator<byte[]> backwards,
      UnaryOperator<byte[]> prefix,
      int width) {
    this.plain = plain;
    this.backwards = backwards;
    this.prefix = prefix;
    this.width = width;
  }

  /**
   * Returns the codec for the options.
   *
   * @param size the number of buckets of SALTED, or of bytes or digits of the MD5; null if the
   *     option is not set
   * @param text whether the bytes are UTF-8 and must be reversed as text
   * @throws IllegalArgumentException if the size is missing or not allowed; the message continues a
   *     sentence that begins with the option's name and value
   */
  static RowKeyCodec of(KeyCodecKind kind, @Nullable Integer size, boolean text) {
    return switch (kind) {
      case PLAIN -> {
        requireNone(size);
        yield new RowKeyCodec(true, null, bytes -> NO_PREFIX, 0);
      }
      case REVERSED -> {
        requireNone(size);
        UnaryOperator<byte[]> backwards =
            text ? RowKeyCodec::reversedText : RowKeyCodec::reversedBytes;
        yield new RowKeyCodec(false, backwards, bytes -> NO_PREFIX, 0);
      }
      case SALTED -> {
        int buckets = require(size, KeyCodecKind.MAX_BUCKETS, "buckets");
        yield new RowKeyCodec(false, null, bytes -> new byte[] {(byte) bucket(bytes, buckets)}, 1);
      }
      case MD5_PREFIX -> {
        int width = require(size, 16, "bytes");
        yield new RowKeyCodec(false, null, bytes -> Arrays.copyOf(md5(bytes), width), width);
      }
      case MD5_HEX_PREFIX -> {
        int width = require(size, 32, "digits");
        yield new RowKeyCodec(
            false,
            null,
            bytes -> Utf8.encode(HexFormat.of().formatHex(md5(bytes)).substring(0, width)),
            width);
      }
    };
  }

  /** Whether row keys sort as the bytes of the keys do. */
  boolean sorted() {
    return plain;
  }

  byte[] toRow(byte[] key) {
    if (plain) {
      return key;
    }
    return backwards == null ? Bytes.add(prefix.apply(key), key) : backwards.apply(key);
  }

  /**
   * Returns the bytes of the key in a row key.
   *
   * @throws IllegalArgumentException for a row key that this codec cannot have made
   */
  byte[] toKey(byte[] row) {
    if (plain) {
      return row;
    }
    if (backwards != null) {
      return backwards.apply(row);
    }
    if (row.length < width) {
      throw new IllegalArgumentException("it is shorter than its prefix");
    }
    byte[] key = Arrays.copyOfRange(row, width, row.length);
    if (!Arrays.equals(prefix.apply(key), 0, width, row, 0, width)) {
      // Without this check a scan would return a row that no lookup finds.
      throw new IllegalArgumentException("its prefix is not that of 'key-codec'");
    }
    return key;
  }

  private static int bucket(byte[] key, int buckets) {
    return Math.abs(Arrays.hashCode(key) % buckets);
  }

  private static byte[] reversedBytes(byte[] bytes) {
    byte[] reversed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return reversed;
  }

  private static byte[] reversedText(byte[] bytes) {
    String text = Utf8.decode(bytes, 0, bytes.length);
    return Utf8.encode(new StringBuilder(text).reverse().toString());
  }

  private static byte[] md5(byte[] bytes) {
    try {
      return MessageDigest.getInstance("MD5").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has MD5", e);
    }
  }

  private static int require(@Nullable Integer size, int max, String what) {
    if (size == null || size > max) {
      throw new IllegalArgumentException(
          "needs 'key-codec.size', the number of " + what + ", from 1 to " + max);
    }
    return size;
  }

  private static void requireNone(@Nullable Integer size) {
    if (size != null) {
      throw new IllegalArgumentException("takes no 'key-codec.size'");
    }
  }
}
