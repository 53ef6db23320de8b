package io.dimstore.bench.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Runs the blocks of an operation: pairs of store and baseline, and pairs of baseline and baseline,
 * shuffled, the two of a pair next to each other and in random order. The first pairs warm up and
 * are dropped.
 */
final class Interleaving {

  private final Stopwatch stopwatch;
  private final int warmUp;
  private final long warmUpNanos;
  private final int pairs;
  private final long seed;
  private final Consumer<String> progress;

  /**
   * @param warmUp pairs of store and baseline that are run first, at least, and dropped
   * @param warmUpNanos for how long such pairs are run at least
   * @param pairs pairs of each sort that are measured
   */
  Interleaving(
      Stopwatch stopwatch,
      int warmUp,
      long warmUpNanos,
      int pairs,
      long seed,
      Consumer<String> progress) {
    this.stopwatch = stopwatch;
    this.warmUp = warmUp;
    this.warmUpNanos = warmUpNanos;
    this.pairs = pairs;
    this.seed = seed;
    this.progress = progress;
  }

  /** What a block took. */
  record Timing(long nanos, long cpuNanos) {}

  /**
   * What was measured.
   *
   * @param ratios of each pair, how many times as fast as the baseline the store was
   * @param noise the same of the baseline against itself
   * @param storeCpuMicros client CPU per row, microseconds
   * @param baselineCpuMicros the same of the baseline, in the blocks beside those of the store
   */
  record Measured(
      List<Double> ratios, List<Double> noise, double storeCpuMicros, double baselineCpuMicros) {}

  Measured run(Operation operation) {
    SplittableRandom random = new SplittableRandom(seed ^ operation.name().hashCode());
    long round = 0;
    long start = stopwatch.nanos();
    for (long past = 0; round < warmUp || past < warmUpNanos; past = stopwatch.nanos() - start) {
      progress.accept(
          String.format(
              Locale.ROOT,
              "%s: warming up, %.0f of %.0f s",
              operation.name(),
              past / 1e9,
              warmUpNanos / 1e9));
      pair(operation.store(), operation.baseline(), round++, random);
    }
    List<Double> ratios = new ArrayList<>(pairs);
    List<Double> noise = new ArrayList<>(pairs);
    long storeCpu = 0;
    long baselineCpu = 0;
    for (boolean isNoise : plan(random)) {
      progress.accept(
          operation.name() + ": pair " + (ratios.size() + noise.size() + 1) + " of " + 2 * pairs);
      Timing[] timings =
          pair(
              isNoise ? operation.baseline() : operation.store(),
              operation.baseline(),
              round++,
              random);
      double ratio = (double) timings[1].nanos() / Math.max(1, timings[0].nanos());
      if (isNoise) {
        noise.add(ratio);
      } else {
        ratios.add(ratio);
        storeCpu += timings[0].cpuNanos();
        baselineCpu += timings[1].cpuNanos();
      }
    }
    double rows = (double) operation.rows() * pairs;
    return new Measured(ratios, noise, storeCpu / 1e3 / rows, baselineCpu / 1e3 / rows);
  }

  /** True for each pair of the baseline with itself. */
  private boolean[] plan(SplittableRandom random) {
    boolean[] plan = new boolean[2 * pairs];
    for (int i = 0; i < plan.length; i++) {
      int other = random.nextInt(i + 1);
      plan[i] = plan[other];
      plan[other] = i < pairs;
    }
    return plan;
  }

  /** The timings of the two sides in the order given, whichever ran first. */
  private Timing[] pair(Side one, Side other, long round, SplittableRandom random) {
    Timing[] timings = new Timing[2];
    int first = random.nextInt(2);
    timings[first] = time((first == 0 ? one : other).block(round));
    timings[1 - first] = time((first == 0 ? other : one).block(round));
    return timings;
  }

  private Timing time(Side.Block block) {
    long cpu = stopwatch.cpuNanos();
    long start = stopwatch.nanos();
    block.run();
    long end = stopwatch.nanos();
    Timing timing = new Timing(end - start, stopwatch.cpuNanos() - cpu);
    block.check();
    return timing;
  }
}
