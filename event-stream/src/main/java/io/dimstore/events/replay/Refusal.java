// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.replay;

import java.io.Serial;

/**
 * Thrown when a line cannot become an event; says why. It has no stack trace, because a refused
 * line is an expected result.
 */
final class Refusal extends Exception {

  static final String UNREADABLE_LINE = "unreadable-line";
  static final String NOT_UTF_8 = "not-utf-8";
  static final String LINE_TOO_LONG = "line-too-long";
  static final String IMPOSSIBLE_TIME = "impossible-time";
  static final String UNIT_PRICE_NOT_POSITIVE = "unit-price-not-positive";
  static final String AMOUNT_TOO_LARGE = "amount-too-large";

  @Serial private static final long serialVersionUID = 1L;

  private final String reason;

  Refusal(String reason) {
    super(reason, null, false, false);
    this.reason = reason;
  }

  static Refusal missing(String field) {
    return new Refusal("missing-" + field);
  }

  static Refusal unreadable(String field) {
    return new Refusal("unreadable-" + field);
  }

  String reason() {
    return reason;
  }
}
