// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.input;

import org.jspecify.annotations.Nullable;

/** The kind of an event, as the aggregates distinguish it: a purchase, a return, or neither. */
public enum EventKind {
  VIEW("view", 0),
  CART("cart", 1),
  FAVORITE("favorite", 2),
  BUY("buy", 3),
  RETURN("return", 4);

  private static final EventKind[] BY_CODE = {VIEW, CART, FAVORITE, BUY, RETURN};

  private final String text;
  private final int code;

  EventKind(String text, int code) {
    this.text = text;
    this.code = code;
  }

  /** Returns the event type as written in the event topic. */
  public String text() {
    return text;
  }

  /** Returns the number that represents the kind in state, from 0 to 7. It never changes. */
  public int code() {
    return code;
  }

  public static EventKind ofCode(int code) {
    return BY_CODE[code];
  }

  public static @Nullable EventKind ofText(String text) {
    return switch (text) {
      case "view" -> VIEW;
      case "cart" -> CART;
      case "favorite" -> FAVORITE;
      case "buy" -> BUY;
      case "return" -> RETURN;
      default -> null;
    };
  }
}
