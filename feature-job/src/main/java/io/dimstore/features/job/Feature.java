// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.job;

import java.util.List;

/** The results that a job computes. */
public enum Feature {
  /** Only the risk-control result. */
  RISK(Result.RISK),
  /** Only the marketing result. */
  MARKETING(Result.MARKETING),
  /** Both results in one job. */
  BOTH(Result.RISK, Result.MARKETING);

  // List.of makes an immutable list.
  @SuppressWarnings("ImmutableEnumChecker")
  private final List<Result> results;

  Feature(Result... results) {
    this.results = List.of(results);
  }

  List<Result> results() {
    return results;
  }
}
