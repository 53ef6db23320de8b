// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.record;

import java.util.Locale;

/** What a dimension change does to its row. */
public enum ChangeOp {
  /** Replaces the whole row. */
  UPSERT,
  /** Removes the row. */
  DELETE;

  private final String text = name().toLowerCase(Locale.ROOT);

  /** Returns the operation's name in the JSON of a change. */
  public String text() {
    return text;
  }
}
