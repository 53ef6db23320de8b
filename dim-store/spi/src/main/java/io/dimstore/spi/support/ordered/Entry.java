// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support.ordered;

import org.jspecify.annotations.Nullable;

/**
 * What an {@link OrderedClient} keeps under a key: a row, or the tombstone of a deleted one. The
 * arrays are not copied.
 *
 * @param key the key's bytes, as {@link io.dimstore.spi.KeyCodec} encodes them
 * @param version version of the change
 * @param expiresAtMillis epoch milliseconds from which on the row is absent
 * @param endsAtMillis epoch milliseconds from which on the entry may be removed, and any change may
 *     replace it
 * @param row the row's bytes, or null for a tombstone
 */
public record Entry(
    byte[] key, long version, long expiresAtMillis, long endsAtMillis, byte @Nullable [] row) {

  /** Returns whether this entry may be removed. */
  public boolean hasEnded(long nowMillis) {
    return endsAtMillis <= nowMillis;
  }

  /** Returns whether this entry replaces the stored one, or the absence of one (R3, R4e). */
  public boolean replaces(@Nullable Entry stored, long nowMillis) {
    return stored == null || stored.version <= version || stored.hasEnded(nowMillis);
  }
}
