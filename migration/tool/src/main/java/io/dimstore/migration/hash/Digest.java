// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hash;

/**
 * The first 128 bits of the SHA-256 of a canonical row.
 *
 * @param high the first 64 bits, big-endian
 * @param low the next 64 bits
 */
public record Digest(long high, long low) {

  /** Returns 32 hexadecimal digits. */
  @Override
  public String toString() {
    return String.format("%016x%016x", high, low);
  }
}
