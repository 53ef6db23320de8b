// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.measure;

import io.dimstore.bench.subject.Subject;
import io.dimstore.bench.workload.Permutation;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Runs one block of each of several subjects, one after the other in random order, and measures
 * each. What changes slowly on the machine then affects all subjects alike.
 */
public final class BlockRunner {

  private final SectionMeter meter;
  private final RandomGenerator random;

  public BlockRunner(SectionMeter meter, RandomGenerator random) {
    this.meter = meter;
    this.random = random;
  }

  /**
   * Runs the blocks of a round.
   *
   * @return what each block took, in the order of the subjects
   */
  public List<SectionUsage> run(List<Subject> subjects, long round) {
    SectionUsage[] usages = new SectionUsage[subjects.size()];
    for (int next : Permutation.of(usages.length, random)) {
      Subject.Block block = subjects.get(next).block(round);
      SectionMeter.Section section = meter.start();
      block.run();
      usages[next] = section.end();
      block.check();
    }
    return List.of(usages);
  }
}
