package io.dimstore.memory;

import io.dimstore.spi.Change;
import io.dimstore.spi.Put;

/**
 * The newest change of a key. A put ends at its expiry plus the retention, a delete at the
 * retention after it was applied; from then on the key counts as never written (R4, R8).
 *
 * @param endsAtMillis epoch milliseconds by the clock of the store that wrote it
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
