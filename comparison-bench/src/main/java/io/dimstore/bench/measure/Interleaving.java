// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.measure;

import io.dimstore.bench.subject.Operation;
import io.dimstore.bench.subject.Subject;
import io.dimstore.bench.workload.Permutation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Runs the blocks of an operation in pairs. A pair is either subject and baseline, or baseline and
 * baseline, and the two kinds are shuffled. The two blocks of a pair run one after the other, in
 * random order. The first pairs are the warm-up; their measurements are dropped.
 */
public final class Interleaving {

  private final SectionMeter meter;
  private final int warmUp;
  private final long warmUpNanos;
  private final int pairs;
  private final long seed;
  private final Consumer<String> progress;

  /**
   * Creates the runner.
   *
   * @param warmUp minimum number of warm-up pairs of subject and baseline
   * @param warmUpNanos minimum duration of the warm-up
   * @param pairs number of measured pairs of each kind
   */
  public Interleaving(
      SectionMeter meter,
      int warmUp,
      long warmUpNanos,
      int pairs,
      long seed,
      Consumer<String> progress) {
    this.meter = meter;
    this.warmUp = warmUp;
    this.warmUpNanos = warmUpNanos;
    this.pairs = pairs;
    this.seed = seed;
    this.progress = progress;
  }

  /**
   * The result of measuring one operation.
   *
   * @param ratios per pair: the speed of the subject divided by the speed of the baseline
   * @param noise per pair of baseline blocks: the same ratio of the baseline to itself
   * @param subject what all blocks of the subject took
   * @param baseline what those blocks of the baseline took that were paired with the subject's
   * @param rows number of rows that each of the two processed
   */
  public record Measured(
      List<Double> ratios,
      List<Double> noise,
      SectionUsage subject,
      SectionUsage baseline,
      long rows) {}

  /** Measures an operation. */
  public Measured run(Operation operation) {
    SplittableRandom random = new SplittableRandom(seed ^ operation.name().hashCode());
    BlockRunner blocks = new BlockRunner(meter, random);
    List<Subject> both = List.of(operation.subject(), operation.baseline());
    List<Subject> baselineTwice = List.of(operation.baseline(), operation.baseline());
    long round = 0;
    long start = meter.nanoTime();
    for (long past = 0; round < warmUp || past < warmUpNanos; past = meter.nanoTime() - start) {
      progress.accept(
          String.format(
              Locale.ROOT,
              "%s: warming up, %.0f of %.0f s",
              operation.name(),
              past / 1e9,
              warmUpNanos / 1e9));
      blocks.run(both, round++);
    }
    List<Double> ratios = new ArrayList<>(pairs);
    List<Double> noise = new ArrayList<>(pairs);
    SectionUsage subject = SectionUsage.NONE;
    SectionUsage baseline = SectionUsage.NONE;
    for (int kind : Permutation.of(2 * pairs, random)) {
      boolean isNoise = kind < pairs;
      progress.accept(
          operation.name() + ": pair " + (ratios.size() + noise.size() + 1) + " of " + 2 * pairs);
      List<SectionUsage> pair = blocks.run(isNoise ? baselineTwice : both, round++);
      double ratio = (double) pair.get(1).nanos() / Math.max(1, pair.get(0).nanos());
      if (isNoise) {
        noise.add(ratio);
      } else {
        ratios.add(ratio);
        subject = subject.plus(pair.get(0));
        baseline = baseline.plus(pair.get(1));
      }
    }
    return new Measured(ratios, noise, subject, baseline, (long) operation.rows() * pairs);
  }
}
