// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.proof;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FindingTest {

  private static final String VERIFY = "'verify --settle=2s' of dim_1 did not succeed; see the log";

  @Test
  void wrongRowsArePartOfADefect() {
    assertThat(Finding.isOfDefect("HBase, h1: LOST: absent, expected [h1@5]", "")).isTrue();
    assertThat(Finding.isOfDefect("3 keys of writes are pending", "")).isTrue();
    assertThat(
            Finding.isOfDefect(
                "'cutover' of dim_1 succeeded although it had to report intents-done", ""))
        .isTrue();
  }

  @Test
  void aDifferenceThatIsReportedAgainIsPartOfADefect() {
    String twice = report("stale [h1]") + report("stale [h1]");
    assertThat(Finding.isOfDefect(VERIFY, twice + report("stale [h1]"))).isTrue();
    assertThat(Finding.isOfDefect(VERIFY, twice + report("stale [h2]"))).isFalse();
    assertThat(Finding.isOfDefect(VERIFY, report("stale [h2]") + twice)).isFalse();
    assertThat(Finding.isOfDefect(VERIFY, twice)).isFalse();
  }

  @Test
  void whatHasOtherCausesIsNotPartOfADefect() {
    assertThat(Finding.isOfDefect("No end of step 4: verify", report("stale [h1]"))).isFalse();
    assertThat(Finding.isOfDefect("A writer has ended; see target", "")).isFalse();
    assertThat(Finding.isOfDefect("no status of dim_1", "")).isFalse();
  }

  private static String report(String difference) {
    return "2026-01-01T00:00:00Z [2] verify --settle=2s: exit code 3 after 5531 ms\n1 different\n"
        + difference
        + "\nverdict: different\n\n";
  }
}
