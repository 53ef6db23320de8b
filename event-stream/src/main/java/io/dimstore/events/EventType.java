package io.dimstore.events;

import java.util.Locale;

/** What a user did with an item. */
public enum EventType {
  VIEW,
  CART,
  FAVORITE,
  BUY,
  RETURN;

  private final String text = name().toLowerCase(Locale.ROOT);

  /** The word that stands in the event's JSON, for instance {@code buy}. */
  public String text() {
    return text;
  }
}
