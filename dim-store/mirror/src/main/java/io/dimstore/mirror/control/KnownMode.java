// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror.control;

import io.dimstore.spi.SharedRecord;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.util.Optional;

/**
 * A mode and the number of the change that made it.
 *
 * @param change 0 without a record; the revision of the record in {@code to} otherwise. The copy in
 *     {@code from} has the same number
 * @param mode the mode
 */
public record KnownMode(long change, MirrorMode mode) {

  /** What is known of a table without a record. */
  public static final KnownMode NONE = new KnownMode(0, MirrorMode.BEFORE);

  private static final String COPY = "copy-of-change=";

  static KnownMode ofRecord(Optional<SharedRecord> record) {
    return record
        .map(found -> new KnownMode(found.revision(), MirrorMode.parse(found.content())))
        .orElse(NONE);
  }

  static KnownMode ofCopy(Optional<SharedRecord> record) {
    return record.map(found -> parseCopy(found.content())).orElse(NONE);
  }

  private static KnownMode parseCopy(String content) {
    int end = content.indexOf('\n');
    if (end < 0 || !content.startsWith(COPY)) {
      throw new StoreException(Kind.CORRUPT, "The copy of a mode has no number of its change");
    }
    try {
      long change = Long.parseLong(content.substring(COPY.length(), end));
      return new KnownMode(change, MirrorMode.parse(content.substring(end + 1)));
    } catch (NumberFormatException e) {
      throw new StoreException(Kind.CORRUPT, "The copy of a mode has a wrong number", e);
    }
  }

  String copy() {
    return COPY + change + "\n" + mode.format();
  }

  /** Returns the one that is known of the later change. */
  public KnownMode orNewer(KnownMode another) {
    return another.change > change ? another : this;
  }
}
