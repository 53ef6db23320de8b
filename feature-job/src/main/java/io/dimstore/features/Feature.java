package io.dimstore.features;

import java.util.List;

/** Which results a job computes. */
public enum Feature {
  /** Risk control alone. */
  RISK(Result.RISK),
  /** Marketing alone. */
  MARKETING(Result.MARKETING),
  /** Both results in one job. */
  BOTH(Result.RISK, Result.MARKETING);

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of, which cannot be changed
  private final List<Result> results;

  Feature(Result... results) {
    this.results = List.of(results);
  }

  List<Result> results() {
    return results;
  }
}
