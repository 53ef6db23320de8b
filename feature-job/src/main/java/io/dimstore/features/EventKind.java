package io.dimstore.features;

import org.jspecify.annotations.Nullable;

/** What an event's type means to the aggregates: a purchase, a return, or neither. */
enum EventKind {
  VIEW("view"),
  CART("cart"),
  FAVORITE("favorite"),
  BUY("buy"),
  RETURN("return");

  private static final EventKind[] BY_CODE = values();

  private final String text;

  EventKind(String text) {
    this.text = text;
  }

  /** The text in the event topic. */
  String text() {
    return text;
  }

  /** The stable number in state: append new kinds at the end, never reorder. */
  int code() {
    return ordinal();
  }

  static EventKind ofCode(int code) {
    return BY_CODE[code];
  }

  static @Nullable EventKind ofText(String text) {
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
