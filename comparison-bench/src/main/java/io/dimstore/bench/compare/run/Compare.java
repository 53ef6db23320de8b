// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.run;

import io.dimstore.bench.compare.arm.Arm;
import io.dimstore.bench.compare.arm.Arms;
import io.dimstore.bench.compare.arm.Topics;
import io.dimstore.bench.compare.oracle.Expected;
import io.dimstore.bench.compare.oracle.InputData;
import io.dimstore.bench.compare.process.ArmSql;
import io.dimstore.bench.compare.process.WorkFolder;
import io.dimstore.bench.compare.report.ReportFiles;
import io.dimstore.bench.compare.report.Results;
import io.dimstore.bench.compare.settings.CompareSettings;
import io.dimstore.bench.subject.BenchException;
import io.dimstore.cli.Progress;
import io.dimstore.cli.report.NumberFormats;
import io.dimstore.stack.LocalStack;
import io.dimstore.stack.StackOptions;
import io.dimstore.stack.server.StackException;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/**
 * Runs a whole comparison: reads the input, starts the servers, runs the arms in random order and
 * checks their results.
 */
public final class Compare {

  private final CompareSettings settings;
  private final ReportFiles report;
  private final Progress progress;
  private final Function<StackOptions, LocalStack> servers;
  private boolean reported;

  public Compare(CompareSettings settings, Progress progress) {
    this(settings, progress, LocalStack::start);
  }

  Compare(CompareSettings settings, Progress progress, Function<StackOptions, LocalStack> servers) {
    this.servers = servers;
    this.settings = settings;
    this.report = new ReportFiles(settings.out());
    this.progress = progress;
  }

  /**
   * Runs the comparison and returns its results. Writes the report before the first arm and after
   * each, also if the comparison then fails. The report of an earlier comparison stays until then.
   *
   * @throws BenchException if the comparison cannot be completed
   * @throws io.dimstore.stack.server.StackException if a server does not start or dies
   * @throws io.dimstore.cli.UsageException if another comparison writes to the same folder
   */
  public Results run() throws IOException {
    // To read the input takes longer than to find out that this server is absent.
    settings.servers().requireDynamoDb();
    String startedAt = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    try (FolderLock lock = FolderLock.of(settings.out());
        WorkFolder work = WorkFolder.create(settings.out())) {
      return run(startedAt, work);
    }
  }

  /** Returns whether this comparison has written its report. */
  public boolean hasReported() {
    return reported;
  }

  private Results run(String startedAt, WorkFolder work) throws IOException {
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
      Expected expected = Expected.of(input, ArmSql.LATENESS, progress);
      progress.step("oracle done");
      try (LocalStack stack = join(starting)) {
        return compare(startedAt, input, expected, stack, work);
      }
    } finally {
      starting.thenAccept(LocalStack::close);
    }
  }

  private LocalStack startServers() {
    return servers.apply(settings.servers().withProgress(progress::step));
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
      String startedAt, InputData input, Expected expected, LocalStack stack, WorkFolder work)
      throws IOException {
    feedChanges(input, stack.kafka().bootstrapServers());
    List<Arm> order = new ArrayList<>(settings.arms());
    Collections.shuffle(order, new Random(settings.seed()));
    ResultsSoFar results =
        new ResultsSoFar(settings, startedAt, input, expected, stack, work.path(), order);
    Results last = results.results(progress.seconds(), null);
    report.deleteOld(
        Arms.find(Objects.requireNonNull(Compare.class.getClassLoader())).stream()
            .map(Arm::id)
            .toList());
    report.write(last);
    reported = true;
    for (Arm arm : order) {
      try {
        results.add(arm, new ArmRun(arm, settings, stack, input, expected, work, progress).run());
      } catch (BenchException | StackException e) {
        if (!work.isInterrupted()) {
          report.write(results.results(progress.seconds(), e.getMessage()));
        }
        throw e;
      }
      last = results.results(progress.seconds(), null);
      report.write(last);
    }
    return last;
  }

  private void feedChanges(InputData input, String bootstrap) {
    Topics.createShared(bootstrap, settings.parallelism());
    try (EventFeed feed = new EventFeed(bootstrap)) {
      feed.changes(input.changes());
    }
  }
}
