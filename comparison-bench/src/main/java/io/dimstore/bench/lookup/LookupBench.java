// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.lookup;

import io.dimstore.bench.compare.run.HBaseMeter;
import io.dimstore.bench.lookup.arm.LookupArm;
import io.dimstore.bench.lookup.arm.LookupArms;
import io.dimstore.bench.lookup.arm.LookupContext;
import io.dimstore.bench.lookup.arm.LookupServers;
import io.dimstore.bench.lookup.job.DimensionRows;
import io.dimstore.bench.lookup.job.KeySequence;
import io.dimstore.bench.measure.Calibrator;
import io.dimstore.bench.workload.Permutation;
import io.dimstore.bench.workload.RowWorkload;
import io.dimstore.cli.Progress;
import io.dimstore.cli.report.NumberFormats;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** Runs one measurement. Not thread-safe. */
final class LookupBench {

  private static final int LEAST_EVENTS = 100;

  private final LookupBenchSettings settings;
  private final Progress progress;
  private final List<String> firstWrong = new ArrayList<>();

  LookupBench(LookupBenchSettings settings, Progress progress) {
    this.settings = settings;
    this.progress = progress;
  }

  /**
   * Runs the measurement.
   *
   * @throws io.dimstore.bench.subject.BenchException if it cannot be completed
   */
  LookupFigures run() {
    try (LookupStack stack =
        LookupStack.start(
            settings.servers(),
            options -> settings.dynamoDb().apply(options).withProgress(progress::step),
            settings.roundTrip())) {
      return run(stack);
    }
  }

  /** Returns the first wrong row of each arm that has one. */
  List<String> firstWrong() {
    return firstWrong;
  }

  private LookupFigures run(LookupStack stack) {
    LookupServers servers = stack.servers();
    RowWorkload workload = new RowWorkload(settings.seed(), settings.rows());
    load(servers, workload);
    DimensionRows rows = DimensionRows.of(workload);
    LookupContext context = new LookupContext(servers, settings.inFlight(), settings.cachedRows());
    KeySequence keys =
        KeySequence.of(settings.rows(), settings.exponent(), settings.misses(), settings.seed());
    try (LookupCluster cluster =
        LookupCluster.start(settings.arms().size(), settings.parallelism())) {
      List<MeasuredLookup> arms = new ArrayList<>();
      for (LookupArm arm : settings.arms()) {
        progress.step(arm.id() + ": starting the job");
        arms.add(new MeasuredLookup(arm, cluster.start(arm, rows, context)));
      }
      warmUp(arms, keys);
      countRequests(arms, servers, keys);
      List<Double> calibrations = measure(arms, keys);
      for (MeasuredLookup arm : arms) {
        if (arm.firstWrong() != null) {
          firstWrong.add(arm.id() + ": " + arm.firstWrong());
        }
      }
      return LookupFigures.of(settings, stack.descriptions(), arms, calibrations);
    }
  }

  private void load(LookupServers servers, RowWorkload workload) {
    Set<String> needed =
        settings.arms().stream().flatMap(arm -> arm.stores().stream()).collect(Collectors.toSet());
    for (String store : needed) {
      progress.step(store + ": loading " + NumberFormats.count(settings.rows()) + " rows");
      LoadedTable.load(store, servers, workload);
    }
    if (settings.arms().stream().anyMatch(LookupArm::readsPlainEntries)) {
      progress.step("redis: loading the entries of the arms without dimstore");
      LookupArms.loadPlainEntries(servers, workload);
    }
  }

  /** Runs growing blocks until an arm has run for long enough, and finds how large a block is. */
  private void warmUp(List<MeasuredLookup> arms, KeySequence keys) {
    for (MeasuredLookup arm : arms) {
      progress.step(arm.id() + ": warming up");
      long begin = System.nanoTime();
      int events = LEAST_EVENTS;
      double perSecond = 0;
      for (long block = 0; System.nanoTime() - begin < settings.warmUp().toNanos(); block++) {
        perSecond = arm.run(keys.block(-1 - block, events));
        events = events(perSecond);
      }
      arm.setEventsPerBlock(events);
      progress.step(arm.id() + ": " + NumberFormats.measure(perSecond) + " events/s");
    }
  }

  private void countRequests(List<MeasuredLookup> arms, LookupServers servers, KeySequence keys) {
    for (int i = 0; i < arms.size(); i++) {
      if (settings.arms().get(i).isCountedByHBase()) {
        progress.step(arms.get(i).id() + ": counting requests at the region server");
        try (HBaseMeter meter = new HBaseMeter(servers.requireHBase())) {
          arms.get(i).countRequests(keys.block(-1, LEAST_EVENTS), meter);
        }
      }
    }
  }

  private int events(double perSecond) {
    double wanted = perSecond * settings.block().toNanos() / 1e9;
    return (int) Math.min(5_000_000, Math.max(LEAST_EVENTS, wanted));
  }

  /** Measures all rounds, and returns the times of the calibrator. */
  private List<Double> measure(List<MeasuredLookup> arms, KeySequence keys) {
    List<Double> calibrations = new ArrayList<>();
    Calibrator calibrator = new Calibrator();
    SplittableRandom random = new SplittableRandom(settings.seed());
    for (int round = 0; round < settings.rounds(); round++) {
      StringBuilder shown = new StringBuilder();
      for (int next : Permutation.of(arms.size(), random)) {
        MeasuredLookup arm = arms.get(next);
        calibrations.add(calibrator.millis());
        double perSecond = arm.measure(keys.block(round, arm.eventsPerBlock()));
        shown.append(", ").append(arm.id()).append(' ').append(NumberFormats.measure(perSecond));
      }
      progress.step("round " + (round + 1) + " of " + settings.rounds() + ", events/s" + shown);
    }
    return calibrations;
  }
}
