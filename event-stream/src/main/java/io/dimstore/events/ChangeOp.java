package io.dimstore.events;

import java.util.Locale;

/** What a dimension change does to its row. */
public enum ChangeOp {
  /** Replaces the whole row. */
  UPSERT,
  /** Removes the row. */
  DELETE;

  private final String text = name().toLowerCase(Locale.ROOT);

  /** The word that stands in the change's JSON. */
  public String text() {
    return text;
  }
}
