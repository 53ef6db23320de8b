// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.phase;

import java.util.Locale;

/** Where the migration of a table stands. The order is that of a migration without a roll-back. */
public enum Phase {
  /** The plan is stored; nothing has changed. */
  PLANNED("the old store alone is read and written"),
  /** The stores, their tables and the writers were checked. */
  READY("the old store alone is read and written"),
  /** Every write goes to both stores; the old one is the primary. */
  MIRRORING("the old store decides, and the new store receives every new write"),
  /** The rows from before the mirroring are in the new store too. */
  COPIED("the old store decides, and the new store has every row"),
  /** A full verification found no difference, perhaps before a ramp that was ended. */
  VERIFIED("the old store decides and answers, and a full verification has passed"),
  /** A part of the lookups is answered by the new store. */
  RAMPING("the old store decides writes, and the new store answers a part of the lookups"),
  /** The new store is the primary and answers all lookups; the old one receives every write. */
  CUT_OVER("the new store decides and answers, and the old store receives every write"),
  /** As {@link #CUT_OVER}, and a verification found the old store equal: the way back is open. */
  REVERSED("as after the cut-over, and a verification found the old store equal"),
  /** The new store alone is read and written. */
  FINISHED("the new store alone is read and written");

  private final String meaning;

  Phase(String meaning) {
    this.meaning = meaning;
  }

  /** Returns what readers and writers do in this phase. */
  public String meaning() {
    return meaning;
  }

  /** Returns the name in reports, such as {@code cut-over}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
