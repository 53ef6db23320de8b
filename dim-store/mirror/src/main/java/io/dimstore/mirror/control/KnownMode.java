// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror.control;

import io.dimstore.spi.SharedRecord;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.util.Optional;

/**
 * A mode and the number of the change that made it.
 *
 * @param takeOvers how often {@code from} has taken over without {@code to}. A mode after a
 *     take-over replaces all modes before, whatever their numbers
 * @param change 0 without a record; the revision of the record in {@code to} otherwise. The copy in
 *     {@code from} has the same number
 * @param mode the mode
 */
public record KnownMode(long takeOvers, long change, MirrorMode mode) {

  /** What is known of a table without a record. */
  public static final KnownMode NONE = new KnownMode(0, MirrorMode.BEFORE);

  private static final String COPY = "copy-of-change=";
  private static final String TAKE_OVERS = "take-overs";

  /** Creates a mode of a table whose side {@code from} has never taken over. */
  public KnownMode(long change, MirrorMode mode) {
    this(0, change, mode);
  }

  static KnownMode ofRecord(Optional<SharedRecord> record) {
    return record.map(found -> parse(found.revision(), found.content())).orElse(NONE);
  }

  static KnownMode ofCopy(Optional<SharedRecord> record) {
    return record.map(found -> parseCopy(found.content())).orElse(NONE);
  }

  private static KnownMode parse(long change, String text) {
    MirrorMode mode = MirrorMode.parse(text);
    return new KnownMode(MirrorMode.fields(text).numberOrZero(TAKE_OVERS), change, mode);
  }

  private static KnownMode parseCopy(String content) {
    int end = content.indexOf('\n');
    if (end < 0 || !content.startsWith(COPY)) {
      throw new StoreException(Kind.CORRUPT, "The copy of a mode has no number of its change");
    }
    try {
      long change = Long.parseLong(content.substring(COPY.length(), end));
      return parse(change, content.substring(end + 1));
    } catch (NumberFormatException e) {
      throw new StoreException(Kind.CORRUPT, "The copy of a mode has a wrong number", e);
    }
  }

  /** Returns the content of the record. */
  String record() {
    return takeOvers == 0 ? mode.format() : mode.format() + TAKE_OVERS + "=" + takeOvers + "\n";
  }

  String copy() {
    return COPY + change + "\n" + record();
  }

  /** Returns this mode as that of another change of the record. */
  KnownMode at(long number) {
    return new KnownMode(takeOvers, number, mode);
  }

  /** Returns the mode of the later change. */
  public KnownMode orNewer(KnownMode another) {
    return another.isNewerThan(this) ? another : this;
  }

  /** Returns whether this is known of a later change. */
  boolean isNewerThan(KnownMode another) {
    return takeOvers > another.takeOvers
        || (takeOvers == another.takeOvers && change > another.change);
  }
}
