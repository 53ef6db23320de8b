package io.dimstore.features;

import java.util.List;

/** A result of the job: the view that computes it, and the SQL files around that view. */
enum Result {
  RISK("risk_control", "risk-control.sql", "online-risk.sql"),
  MARKETING("marketing", "marketing.sql", "online-marketing.sql");

  private final String view;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of, which cannot be changed
  private final List<String> files;

  Result(String view, String... files) {
    this.view = view;
    this.files = List.of(files);
  }

  /** The view whose rows the INSERTs of this result share; also its name in savepoints. */
  String view() {
    return view;
  }

  /** The files after sources.sql and dimensions.sql, in order. */
  List<String> files() {
    return files;
  }
}
