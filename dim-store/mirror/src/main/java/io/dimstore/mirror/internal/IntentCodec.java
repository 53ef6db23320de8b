// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror.internal;

import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.KeyCodec;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.TableSpec;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** Converts between pending changes and the bytes of an intent. Thread-safe. */
final class IntentCodec {

  private static final byte FORMAT = 1;
  private static final byte PUT = 0;
  private static final byte DELETE = 1;
  private static final byte UNKNOWN = 2;
  private static final int FIXED = Integer.BYTES + Long.BYTES + 1;

  /**
   * A key that was written, without its row: the row is read when the intent is reconciled.
   *
   * @param delete whether the change is known to be a delete
   * @param unknown whether it is unknown if the side that keeps the intent has applied the change
   */
  record Pending(Key key, long version, boolean delete, boolean unknown) {

    static Pending applied(Change change) {
      return new Pending(change.key(), change.version(), change instanceof Delete, false);
    }

    static Pending unknown(Change change) {
      return new Pending(change.key(), change.version(), false, true);
    }

    /**
     * Returns the newer one. Of equal versions it is the put: the source has applied both, in an
     * order that is not known, and a put waits until its row is seen or its absence is believed.
     */
    Pending newer(Pending another) {
      return another.version > version || (another.version == version && delete) ? another : this;
    }
  }

  private final KeyCodec codec;
  private final String columns;

  IntentCodec(TableSpec spec) {
    this.codec = new KeyCodec(spec.key());
    this.columns = fingerprint(spec);
  }

  /**
   * Returns the fingerprint of the declared columns. Only a process that declares the same columns
   * may copy the row, because it copies all columns of the row that it knows.
   */
  String columns() {
    return columns;
  }

  private static String fingerprint(TableSpec spec) {
    String text =
        spec.key()
            + spec.values().stream().map(Object::toString).sorted().collect(Collectors.joining());
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash).substring(0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  int size(Pending pending) {
    return codec.encode(pending.key()).length + FIXED;
  }

  byte[] encode(List<Pending> all) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(FORMAT);
    for (Pending each : all) {
      byte[] key = codec.encode(each.key());
      out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(key.length).array());
      out.writeBytes(key);
      out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(each.version()).array());
      out.write(each.unknown() ? UNKNOWN : each.delete() ? DELETE : PUT);
    }
    return out.toByteArray();
  }

  /**
   * Decodes an intent.
   *
   * @throws StoreException CORRUPT if the bytes are none
   */
  List<Pending> decode(byte[] bytes) {
    List<Pending> all = new ArrayList<>();
    try {
      ByteBuffer in = ByteBuffer.wrap(bytes);
      if (in.get() != FORMAT) {
        throw new IllegalArgumentException("unknown format");
      }
      while (in.hasRemaining()) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
          throw new IllegalArgumentException("wrong length");
        }
        byte[] key = new byte[length];
        in.get(key);
        long version = in.getLong();
        byte kind = in.get();
        all.add(new Pending(codec.decode(key), version, kind == DELETE, kind == UNKNOWN));
      }
      return all;
    } catch (RuntimeException e) {
      throw new StoreException(Kind.CORRUPT, "An intent of the mirror cannot be decoded", e);
    }
  }
}
