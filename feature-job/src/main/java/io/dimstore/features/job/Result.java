// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.job;

import java.util.List;

/** A result of the job: the view that computes it, and the SQL files around that view. */
enum Result {
  RISK(1, "risk_control", "risk-control.sql", "online-risk.sql"),
  MARKETING(2, "marketing", "marketing.sql", "online-marketing.sql");

  private final int bit;
  private final String view;

  // List.of makes an immutable list.
  @SuppressWarnings("ImmutableEnumChecker")
  private final List<String> files;

  Result(int bit, String view, String... files) {
    this.bit = bit;
    this.view = view;
    this.files = List.of(files);
  }

  /**
   * Returns the view whose rows the INSERTs of this result share. The view's name also identifies
   * the result in savepoints.
   */
  String view() {
    return view;
  }

  /**
   * Returns the bit of this result in the column {@code results} of an event. Savepoints contain
   * it, so it never changes.
   */
  int bit() {
    return bit;
  }

  /** Returns the files of this result, in order. */
  List<String> files() {
    return files;
  }
}
