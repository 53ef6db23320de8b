package io.dimstore.features;

import java.util.List;

/** Which results a job computes. */
public enum Feature {
  /** Risk control alone. */
  RISK("risk-control.sql", "online-risk.sql"),
  /** Marketing alone. */
  MARKETING("marketing.sql", "online-marketing.sql"),
  /** Both results in one job. */
  BOTH("risk-control.sql", "online-risk.sql", "marketing.sql", "online-marketing.sql");

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of, which cannot be changed
  private final List<String> files;

  Feature(String... files) {
    this.files = List.of(files);
  }

  /** The files after sources.sql and dimensions.sql, in order. */
  List<String> files() {
    return files;
  }
}
