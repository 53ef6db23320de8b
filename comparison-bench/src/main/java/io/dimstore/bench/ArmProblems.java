package io.dimstore.bench;

import java.util.ArrayList;
import java.util.List;

/** Why an arm cannot be called right, in sentences. Every count that has to add up is here. */
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

  List<String> of(Results.ArmResult result, Verdict verdict) {
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
    if (verdict.mismatches() > 0) {
      problems.add(
          arm + ": " + verdict.mismatches() + " rows differ from the oracle's; the first:");
      verdict.first().forEach(line -> problems.add(arm + ": " + line));
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
          arm + ": " + Figures.count(actual) + " " + what + ", expected " + Figures.count(wanted));
    }
  }
}
