// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.job;

import io.dimstore.bench.compare.arm.Arm;
import io.dimstore.bench.compare.arm.Topics;
import io.dimstore.bench.compare.oracle.Expected;
import io.dimstore.bench.compare.oracle.InputData;
import io.dimstore.bench.compare.oracle.InputData.Encoded;
import io.dimstore.bench.compare.oracle.RowCheck;
import io.dimstore.bench.compare.process.ArmSql;
import io.dimstore.bench.compare.process.WorkFolder;
import io.dimstore.bench.compare.run.EventFeed;
import io.dimstore.bench.compare.run.OnlineCheck;
import io.dimstore.bench.job.flame.FlameGraph;
import io.dimstore.bench.measure.Calibrator;
import io.dimstore.bench.subject.BenchException;
import io.dimstore.bench.workload.Permutation;
import io.dimstore.cli.Progress;
import io.dimstore.cli.report.NumberFormats;
import io.dimstore.stack.LocalStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Runs one measurement: all arms at once, block by block. Not thread-safe. */
final class JobBench {

  /** Events that an arm gets at once while it warms up. */
  private static final int WARM_UP_BATCH = 20_000;

  private final JobBenchSettings settings;
  private final Progress progress;
  private final List<String> firstMismatches = new ArrayList<>();

  JobBench(JobBenchSettings settings, Progress progress) {
    this.settings = settings;
    this.progress = progress;
  }

  /**
   * Runs the measurement. The logs of the arms are kept if it fails; the failure names them.
   *
   * @throws BenchException if the measurement cannot be completed
   */
  JobFigures run() throws IOException {
    settings.servers().requireDynamoDb();
    InputData input = InputData.read(settings.input(), progress);
    int events = input.events().size();
    if (settings.perBlock(events) == 0) {
      throw new BenchException(
          "The input holds "
              + NumberFormats.count(events)
              + " events, too few for "
              + settings.rounds()
              + " rounds");
    }
    progress.step(
        "input: "
            + NumberFormats.count(events)
            + " events, "
            + NumberFormats.count(input.changes().size())
            + " dimension changes");
    Expected expected = Expected.of(input, ArmSql.LATENESS, progress);
    progress.step("oracle done");
    Path folder = Files.createTempDirectory("dimstore-bench-job-");
    try (WorkFolder work = WorkFolder.create(folder);
        LocalStack stack = LocalStack.start(settings.servers().withProgress(progress::step))) {
      return run(input, expected, stack, work, folder);
    } finally {
      WorkFolder.deleteIfEmpty(folder);
    }
  }

  /** Returns a description of the first wrong row of each arm that has one. */
  List<String> firstMismatches() {
    return firstMismatches;
  }

  private JobFigures run(
      InputData input, Expected expected, LocalStack stack, WorkFolder work, Path folder)
      throws IOException {
    String bootstrap = stack.kafka().bootstrapServers();
    Topics.createShared(bootstrap, settings.parallelism());
    List<MeasuredArm> arms = new ArrayList<>();
    try (EventFeed feed = new EventFeed(bootstrap)) {
      feed.changes(input.changes());
      start(arms, expected, stack, work, folder);
      Path flameGraphs = settings.flameGraphs();
      if (flameGraphs != null) {
        // The recorder changes code that is then compiled again, so it begins before the warm-up.
        arms.forEach(MeasuredArm::record);
      }
      WarmUpEvents warmUp = new WarmUpEvents(input.events(), settings.warmUp());
      warmUp(arms, warmUp, input, feed);
      Instant begin = Instant.now();
      BlockTotals totals = measure(arms, input, feed);
      if (flameGraphs != null) {
        drawFlames(arms, begin, flameGraphs);
      }
      for (MeasuredArm arm : arms) {
        arm.stopJob();
        report(arm, totals, work, expected);
      }
      JobFigures figures = totals.figures(settings, input.events().size(), warmUp.size(), stack);
      for (MeasuredArm arm : arms) {
        arm.close();
        Files.deleteIfExists(arm.log());
      }
      return figures;
    } catch (BenchException e) {
      // If a server has died, report that instead: it explains the failure better.
      stack.check();
      throw e;
    } finally {
      arms.forEach(MeasuredArm::close);
    }
  }

  private void start(
      List<MeasuredArm> arms, Expected expected, LocalStack stack, WorkFolder work, Path folder) {
    RowCheck.Factory checks = new RowCheck.Factory(expected);
    List<@Nullable Arm> all = new ArrayList<>();
    all.add(null);
    all.addAll(settings.arms());
    for (Arm arm : all) {
      MeasuredArm started = MeasuredArm.start(arm, settings, stack, work, folder, checks.create());
      arms.add(started);
      progress.step(started.id() + ": loading the dimensions");
      started.awaitLoaded();
      progress.step(started.id() + ": starting the job");
      started.startJob();
    }
  }

  private void warmUp(
      List<MeasuredArm> arms, WarmUpEvents warmUp, InputData input, EventFeed feed) {
    for (MeasuredArm arm : arms) {
      for (int from = 0; from < warmUp.size(); from += WARM_UP_BATCH) {
        List<Encoded> batch = warmUp.events(from, WARM_UP_BATCH);
        arm.warmUp(batch, feed);
        progress.update(arm.id() + ": warming up", from + batch.size(), warmUp.size());
      }
      arm.process(input.events().subList(0, settings.unmeasured(input.events().size())), feed);
      progress.step(
          arm.id() + ": warmed up with " + NumberFormats.count(warmUp.size()) + " events");
    }
  }

  private BlockTotals measure(List<MeasuredArm> arms, InputData input, EventFeed feed) {
    int events = input.events().size();
    int perBlock = settings.perBlock(events);
    BlockTotals totals = new BlockTotals(arms.stream().map(MeasuredArm::id).toList(), perBlock);
    Calibrator calibrator = new Calibrator();
    SplittableRandom random = new SplittableRandom(settings.seed());
    for (int round = 0; round < settings.rounds(); round++) {
      int from = settings.unmeasured(events) + round * perBlock;
      List<Encoded> block = input.events().subList(from, from + perBlock);
      StringBuilder shown = new StringBuilder();
      for (int next : Permutation.of(arms.size(), random)) {
        MeasuredArm arm = arms.get(next);
        totals.addCalibration(calibrator.millis());
        double micros = totals.add(arm.id(), arm.measure(block, feed));
        shown.append(", ").append(arm.id()).append(' ').append(NumberFormats.measure(micros));
      }
      progress.step("round " + (round + 1) + " of " + settings.rounds() + ", CPU us/event" + shown);
    }
    return totals;
  }

  private void drawFlames(List<MeasuredArm> arms, Instant from, Path folder) throws IOException {
    Files.createDirectories(folder);
    for (MeasuredArm arm : arms) {
      Path svg = folder.resolve(arm.id() + ".svg");
      String title = "CPU of the feature job on arm " + arm.id();
      long samples = FlameGraph.write(arm.endRecord(), from, title, svg);
      progress.step(arm.id() + ": " + NumberFormats.count(samples) + " CPU samples in " + svg);
    }
  }

  private void report(MeasuredArm arm, BlockTotals totals, WorkFolder work, Expected expected) {
    RowCheck check = arm.check();
    totals.addMismatches(arm.id(), check.mismatches());
    String first = check.first();
    if (first != null) {
      firstMismatches.add(arm.id() + ": " + first);
    }
    if (arm.hasOnlineTables()) {
      totals.addOnlineMismatches(
          arm.id(), OnlineCheck.of(work.path(), arm.id(), expected).mismatches());
    }
  }
}
