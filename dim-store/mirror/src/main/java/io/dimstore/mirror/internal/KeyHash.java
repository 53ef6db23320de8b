// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror.internal;

import io.dimstore.mirror.control.MirrorMode;
import io.dimstore.spi.Column;
import io.dimstore.spi.Key;
import io.dimstore.spi.KeyCodec;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Chooses keys by a hash that is the same in every process. The keys of shadow reads are chosen
 * independently of those that {@code to} answers. Thread-safe.
 */
final class KeyHash {

  private static final long ROUTED = 0x9e3779b97f4a7c15L;
  private static final long COMPARED = 0xc2b2ae3d27d4eb4fL;

  private final KeyCodec codec;

  KeyHash(List<Column> key) {
    this.codec = new KeyCodec(key);
  }

  /** Returns whether {@code to} answers reads of this key, at this share in basis points. */
  boolean isRouted(Key key, int share) {
    return isChosen(key, share, ROUTED);
  }

  /** Returns whether reads of this key are compared, at this share in basis points. */
  boolean isCompared(Key key, int share) {
    return isChosen(key, share, COMPARED);
  }

  private boolean isChosen(Key key, int share, long seed) {
    if (share <= 0 || share >= MirrorMode.ALL) {
      return share >= MirrorMode.ALL;
    }
    byte[] bytes = encoded(key);
    return bytes != null && Long.remainderUnsigned(mixed(bytes, seed), MirrorMode.ALL) < share;
  }

  /** Returns null for a key that the table cannot hold. */
  private byte @Nullable [] encoded(Key key) {
    try {
      return codec.encode(key);
    } catch (RuntimeException e) {
      return null;
    }
  }

  private static long mixed(byte[] bytes, long seed) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    long hash = (crc.getValue() + ((long) bytes.length << 32)) * seed;
    hash = (hash ^ (hash >>> 29)) * 0xbf58476d1ce4e5b9L;
    hash = (hash ^ (hash >>> 32)) * 0x94d049bb133111ebL;
    return hash ^ (hash >>> 29);
  }
}
