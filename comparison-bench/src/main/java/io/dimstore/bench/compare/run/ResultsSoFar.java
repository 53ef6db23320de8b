// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.run;

import io.dimstore.bench.compare.arm.Arm;
import io.dimstore.bench.compare.oracle.Expected;
import io.dimstore.bench.compare.oracle.InputData;
import io.dimstore.bench.compare.process.ArmSql;
import io.dimstore.bench.compare.report.Results;
import io.dimstore.bench.compare.settings.CompareSettings;
import io.dimstore.bench.compare.settings.TimedPart;
import io.dimstore.cli.ProjectVersion;
import io.dimstore.cli.report.NumberFormats;
import io.dimstore.jobs.sql.Dimension;
import io.dimstore.jobs.sql.Dimensions;
import io.dimstore.migration.hash.RowHash;
import io.dimstore.stack.LocalStack;
import io.dimstore.stack.server.Server;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.runtime.util.EnvironmentInformation;
import org.jspecify.annotations.Nullable;

/** Collects the outcomes of the arms of one comparison. Not thread-safe. */
final class ResultsSoFar {

  private final CompareSettings settings;
  private final String startedAt;
  private final InputData input;
  private final Expected expected;
  private final LocalStack stack;
  private final Path work;
  private final List<Arm> order;
  private final String commit =
      ProjectVersion.commit(Path.of(System.getProperty("dimstore.home", "")));
  private final Map<Arm, ArmRun.Outcome> outcomes = new HashMap<>();

  ResultsSoFar(
      CompareSettings settings,
      String startedAt,
      InputData input,
      Expected expected,
      LocalStack stack,
      Path work,
      List<Arm> order) {
    this.settings = settings;
    this.startedAt = startedAt;
    this.input = input;
    this.expected = expected;
    this.stack = stack;
    this.work = work;
    this.order = order;
  }

  void add(Arm arm, ArmRun.Outcome outcome) {
    outcomes.put(arm, outcome);
  }

  /**
   * Returns the results of the arms that have run.
   *
   * @param seconds the time since the comparison began
   * @param failure why the comparison ended before all arms had run, or null
   */
  Results results(double seconds, @Nullable String failure) {
    List<Results.ArmResult> arms = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (Arm arm : settings.arms()) {
      ArmRun.Outcome outcome = outcomes.get(arm);
      if (outcome == null) {
        missing.add(arm.id());
      } else {
        arms.add(outcome.result());
        problems.addAll(outcome.problems());
      }
    }
    problems.addAll(common(arms));
    if (failure != null) {
      problems.add("The comparison failed: " + failure);
    }
    boolean finished = missing.isEmpty();
    if (!finished) {
      problems.add("Arms without results: " + String.join(", ", missing));
    }
    return new Results(
        "frozen",
        settings.profile(),
        finished,
        problems.isEmpty(),
        timedPart().isWarm(),
        problems,
        input(),
        arms,
        dimensions(),
        run(seconds),
        new ArmSql(stack, work).differences(settings.arms()));
  }

  private List<String> common(List<Results.ArmResult> arms) {
    List<String> problems = new ArrayList<>();
    long hashes = arms.stream().map(Results.ArmResult::outputSha256).distinct().count();
    if (hashes > 1) {
      problems.add("The arms' rows are not the same: " + hashes + " different hashes");
    }
    long refused = input.report().refusedTotal();
    if (input.report().linesRead() != input.events().size() + refused) {
      problems.add("Lines read are not the sum of events and refused lines");
    }
    if (expected.tooLate() > 0) {
      problems.add(
          NumberFormats.count(expected.tooLate())
              + " events were later than the job allows and have no features");
    }
    return problems;
  }

  private static Map<String, String> dimensions() {
    Map<String, String> layouts = new TreeMap<>();
    for (Dimension dimension : Dimensions.builtIn()) {
      layouts.put(dimension.defaultTable(), RowHash.layoutOf(dimension.table()));
    }
    return layouts;
  }

  private Results.Input input() {
    return new Results.Input(
        settings.input().description(),
        input.report().linesRead(),
        input.report().refused(),
        input.events().size(),
        input.changes().size(),
        input.report().sha256());
  }

  private Results.Run run(double seconds) {
    return new Results.Run(
        settings.commandLine(),
        ProjectVersion.number(),
        commit,
        startedAt,
        Instant.now().toString(),
        seconds,
        Runtime.getRuntime().availableProcessors(),
        Runtime.version().toString(),
        EnvironmentInformation.getVersion(),
        settings.parallelism(),
        timedPart().warmUp(),
        timedPart().timed(),
        settings.paced(input.events().size()),
        settings.pacedPerSecond(),
        settings.seed(),
        order.stream().map(Arm::id).toList(),
        servers());
  }

  private TimedPart timedPart() {
    int events = input.events().size();
    int paced = settings.paced(events);
    return TimedPart.of(events - paced, paced);
  }

  private Map<String, String> servers() {
    Map<String, String> servers = new TreeMap<>();
    for (Server server : stack.servers()) {
      servers.put(server.id(), stack.description(server));
    }
    return servers;
  }
}
