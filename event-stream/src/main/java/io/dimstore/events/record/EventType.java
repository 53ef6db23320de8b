// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.record;

import java.util.Locale;

/** What a user did with an item. */
public enum EventType {
  VIEW,
  CART,
  FAVORITE,
  BUY,
  RETURN;

  private final String text = name().toLowerCase(Locale.ROOT);

  /** Returns the type's name in the JSON of an event, for instance {@code buy}. */
  public String text() {
    return text;
  }
}
