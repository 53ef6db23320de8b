package io.dimstore.features;

import java.util.List;

/** Which results a job computes. */
public enum Feature {
  /** Risk control alone. */
  RISK(List.of("risk-control.sql", "online-risk.sql")),
  /** Marketing alone. */
  MARKETING(List.of("marketing.sql", "online-marketing.sql")),
  /** Both results in one job. */
  BOTH(List.of("risk-control.sql", "online-risk.sql", "marketing.sql", "online-marketing.sql"));

  private final List<String> files;

  Feature(List<String> files) {
    this.files = files;
  }

  /** The files after sources.sql and dimensions.sql, in order. */
  List<String> files() {
    return files;
  }
}
