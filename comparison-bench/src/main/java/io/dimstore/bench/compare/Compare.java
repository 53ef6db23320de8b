// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare;

import io.dimstore.bench.report.NumberFormats;
import io.dimstore.bench.subject.BenchException;
import io.dimstore.cli.Progress;
import io.dimstore.stack.LocalStack;
import io.dimstore.stack.Server;
import io.dimstore.stack.StackOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.flink.runtime.util.EnvironmentInformation;

/**
 * Runs a whole comparison: reads the input, starts the servers, runs the arms in random order and
 * checks their results.
 */
final class Compare {

  static final java.time.Duration LATENESS = java.time.Duration.ofDays(1);

  private final CompareSettings settings;
  private final Progress progress;

  Compare(CompareSettings settings, Progress progress) {
    this.settings = settings;
    this.progress = progress;
  }

  /**
   * Runs the comparison and returns its results.
   *
   * @throws BenchException if the comparison cannot be completed
   * @throws io.dimstore.stack.StackException if a server does not start or dies
   */
  Results run() throws IOException {
    String startedAt = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    try (WorkFolder work = WorkFolder.create(settings.out())) {
      return run(startedAt, work.path());
    }
  }

  private Results run(String startedAt, Path work) throws IOException {
    CompletableFuture<LocalStack> starting = CompletableFuture.supplyAsync(this::startServers);
    try {
      InputData input = InputData.read(settings.input(), progress);
      if (input.events().isEmpty()) {
        throw new BenchException("The input holds no event: nothing to compare");
      }
      progress.step(
          "input: "
              + NumberFormats.count(input.events().size())
              + " events, "
              + NumberFormats.count(input.changes().size())
              + " dimension changes, "
              + NumberFormats.count(input.report().refusedTotal())
              + " refused");
      Expected expected = Expected.of(input, LATENESS, progress);
      progress.step("oracle done");
      try (LocalStack stack = join(starting)) {
        return compare(startedAt, input, expected, stack, work);
      }
    } finally {
      starting.thenAccept(LocalStack::close);
    }
  }

  private LocalStack startServers() {
    Set<Server> servers = new HashSet<>(Set.of(Server.of("kafka")));
    settings.arms().forEach(arm -> servers.addAll(arm.servers()));
    return LocalStack.start(StackOptions.of(servers).withProgress(progress::step));
  }

  private static LocalStack join(CompletableFuture<LocalStack> starting) {
    try {
      return starting.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  private Results compare(
      String startedAt, InputData input, Expected expected, LocalStack stack, Path work) {
    String bootstrap = stack.kafka().bootstrapServers();
    Topics.createShared(bootstrap, settings.parallelism());
    try (EventFeed feed = new EventFeed(bootstrap)) {
      feed.bulk(
          Topics.USER_CHANGES,
          input.changes().stream()
              .filter(c -> c.record() instanceof io.dimstore.events.UserChange)
              .toList());
      feed.bulk(
          Topics.ITEM_CHANGES,
          input.changes().stream()
              .filter(c -> c.record() instanceof io.dimstore.events.ItemChange)
              .toList());
    }
    List<Arm> order = new ArrayList<>(settings.arms());
    Collections.shuffle(order, new Random(settings.seed()));
    Map<Arm, ArmRun.Outcome> outcomes = new HashMap<>();
    for (Arm arm : order) {
      outcomes.put(arm, new ArmRun(arm, settings, stack, input, expected, work, progress).run());
    }
    List<Results.ArmResult> arms = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (Arm arm : settings.arms()) {
      ArmRun.Outcome outcome = outcomes.get(arm);
      if (outcome != null) {
        arms.add(outcome.result());
        problems.addAll(outcome.problems());
      }
    }
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
    return results(startedAt, input, stack, work, order, arms, problems);
  }

  private Results results(
      String startedAt,
      InputData input,
      LocalStack stack,
      Path work,
      List<Arm> order,
      List<Results.ArmResult> arms,
      List<String> problems) {
    return new Results(
        "frozen",
        settings.profile(),
        problems.isEmpty(),
        problems,
        new Results.Input(
            settings.input().description(),
            input.report().linesRead(),
            input.report().refused(),
            input.events().size(),
            input.changes().size(),
            input.report().sha256()),
        arms,
        new Results.Run(
            startedAt,
            progress.seconds(),
            Runtime.getRuntime().availableProcessors(),
            Runtime.version().toString(),
            EnvironmentInformation.getVersion(),
            settings.parallelism(),
            Math.min(settings.pacedEvents(), input.events().size() / 2),
            settings.pacedPerSecond(),
            settings.seed(),
            order.stream().map(Arm::id).toList(),
            servers(stack)),
        new ArmSql(stack, work).differences(settings.arms()));
  }

  private static Map<String, String> servers(LocalStack stack) {
    Map<String, String> servers = new TreeMap<>();
    for (Server server : stack.servers()) {
      servers.put(server.id(), server.description());
    }
    return servers;
  }
}
