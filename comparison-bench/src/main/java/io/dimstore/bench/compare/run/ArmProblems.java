// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.run;

import io.dimstore.bench.compare.oracle.Expected;
import io.dimstore.bench.compare.oracle.InputData;
import io.dimstore.bench.compare.oracle.OracleComparison;
import io.dimstore.bench.compare.report.Results;
import io.dimstore.cli.report.NumberFormats;
import java.util.ArrayList;
import java.util.List;

/**
 * Lists the reasons why an arm's result is not correct, as sentences. It checks every count that
 * must match the expected value.
 */
final class ArmProblems {

  private final String arm;
  private final InputData input;
  private final Expected expected;
  private final FeatureReader reader;

  ArmProblems(String arm, InputData input, Expected expected, FeatureReader reader) {
    this.arm = arm;
    this.input = input;
    this.expected = expected;
    this.reader = reader;
  }

  List<String> of(Results.ArmResult result, OracleComparison comparison) {
    List<String> problems = new ArrayList<>();
    require(problems, result.features().risk(), expected.risk().size(), "risk rows");
    require(problems, result.features().marketing(), expected.marketing().size(), "marketing rows");
    require(problems, result.deadLetters(), expected.tooLate(), "dead letters");
    require(
        problems, result.lookups().found(), expected.lookupsFound(), "lookups that found a row");
    require(
        problems,
        result.dimensionChangesApplied(),
        input.changes().size(),
        "dimension changes applied");
    require(problems, reader.risk().duplicates(), 0, "risk rows for an event that had one");
    require(
        problems, reader.marketing().duplicates(), 0, "marketing rows for an event that had one");
    if (comparison.mismatches() > 0) {
      problems.add(
          arm + ": " + comparison.mismatches() + " rows differ from the oracle's; the first:");
      comparison.first().forEach(line -> problems.add(arm + ": " + line));
    }
    Results.OnlineTables online = result.onlineTables();
    if (online != null) {
      require(problems, online.mismatches(), 0, "wrong rows in the online feature tables");
    }
    return problems;
  }

  private void require(List<String> problems, long actual, long wanted, String what) {
    if (actual != wanted) {
      problems.add(
          arm
              + ": "
              + NumberFormats.count(actual)
              + " "
              + what
              + ", expected "
              + NumberFormats.count(wanted));
    }
  }
}
