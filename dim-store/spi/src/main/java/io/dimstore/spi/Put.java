// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

/**
 * Sets the whole row as of a version (R6).
 *
 * @param key the row's key
 * @param row the values of the value columns, or of a projection when it was read with one
 * @param version the version, 0 to {@link Versions#MAX}
 * @param expiresAtMillis epoch milliseconds from which on the row is absent (R8), or {@link #NEVER}
 */
public record Put(Key key, Row row, long version, long expiresAtMillis) implements Change {

  /** The expiry of a row that never expires. */
  public static final long NEVER = Long.MAX_VALUE;

  /** Creates a put of a row that never expires. */
  public Put(Key key, Row row, long version) {
    this(key, row, version, NEVER);
  }

  /** Returns whether the row is absent at this time (R8). */
  public boolean isExpiredAt(long epochMillis) {
    return epochMillis >= expiresAtMillis;
  }
}
