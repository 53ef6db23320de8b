// SPDX-License-Identifier: Apache-2.0
package io.dimstore.memory;

import io.dimstore.spi.Change;
import io.dimstore.spi.Put;

/**
 * The newest change of a key, with the time at which it ends. A put ends when the retention has
 * passed since its expiry. A delete ends when the retention has passed since it was applied. From
 * then on the key counts as never written (R4, R8).
 *
 * @param endsAtMillis epoch milliseconds by the clock of the store that wrote the change
 */
record Cell(Change change, long endsAtMillis) {

  static Cell of(Change change, long nowMillis, long retentionMillis) {
    long from = change instanceof Put put ? put.expiresAtMillis() : nowMillis;
    long end = from + retentionMillis;
    return new Cell(change, from > 0 && end < from ? Long.MAX_VALUE : end);
  }

  boolean hasEnded(long nowMillis) {
    return nowMillis >= endsAtMillis && endsAtMillis != Long.MAX_VALUE;
  }
}
