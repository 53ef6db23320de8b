// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.proof;

import io.dimstore.migration.proof.Fault.Kind;
import io.dimstore.migration.proof.Fault.Victim;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A migration of one table, forward and back, and the faults in it. The seed alone determines it.
 *
 * @param steps arguments of {@code migrate}; a step that begins with ! has to be refused, and one
 *     that begins with @ is the runner's own
 */
record Schedule(long seed, List<String> steps, List<Fault> faults) {

  /** Both stores are compared with the model, while nothing is written. */
  static final String CHECK_BOTH = "@check both";

  /** As {@link #CHECK_BOTH}; afterwards no plain client writes any more. */
  static final String CHECK_LAST = "@check both, the last plain write";

  static final String CHECK_OLD = "@check old";
  static final String CHECK_NEW = "@check new";

  private static final String VERIFY =
      "verify --settle=2s --impact-factor=0 --buckets=1024 --batch=200";

  static Schedule of(long seed, int faults) {
    Random random = new Random(seed * 0x9E3779B97F4A7C15L);
    List<String> steps = steps(random);
    List<Fault> found = new ArrayList<>();
    for (int i = 0; i < faults; i++) {
      found.add(fault(random, steps));
    }
    found.sort(Comparator.comparingInt(Fault::step).thenComparingInt(Fault::changes));
    return new Schedule(seed, steps, found);
  }

  private static List<String> steps(Random random) {
    List<String> steps = new ArrayList<>();
    steps.add("plan");
    steps.add("preflight");
    steps.add("start");
    steps.add(backfill(random));
    if (random.nextInt(5) < 2) {
      steps.addAll(
          List.of(Probes.PLANT, "!" + VERIFY + " => [" + Probes.EXTRA + "]", Probes.REMOVE));
    }
    steps.add(VERIFY);
    if (random.nextInt(4) == 0) {
      steps.add("shadow --share=1");
    }
    boolean ramps = random.nextInt(2) == 0;
    if (ramps) {
      steps.add("ramp --share=" + (1 + random.nextInt(9)) / 10.0);
    }
    if (ramps && random.nextInt(3) == 0) {
      steps.add("rollback --drill");
    }
    int way = random.nextInt(10);
    if (way < 3) {
      steps.add("rollback"); // before the cut-over: ends the mirroring, or the ramp
      if (ramps) {
        steps.add("rollback");
      }
      steps.addAll(List.of("start", backfill(random) + " --restart", VERIFY));
    }
    if (random.nextInt(5) < 2) {
      steps.addAll(
          List.of(Probes.TOO_LARGE, "!cutover --force=proof => intents-done", Probes.DELETE));
    }
    steps.add("cutover --force=proof");
    if (way >= 7) {
      steps.addAll(List.of(VERIFY, "reverse"));
    }
    if (way >= 4) {
      steps.addAll(List.of("rollback", CHECK_BOTH));
      if (way >= 8) {
        steps.addAll(List.of("rollback", CHECK_OLD));
        return List.copyOf(steps);
      }
      steps.addAll(List.of(VERIFY, "cutover --force=proof again"));
    }
    steps.addAll(List.of(VERIFY, "reverse", CHECK_LAST, "finish", CHECK_NEW));
    return List.copyOf(steps.stream().map(step -> step.replace("proof again", "proof")).toList());
  }

  private static String backfill(Random random) {
    return "backfill --lease=2s --impact-factor=0 --batch="
        + (5 + random.nextInt(20))
        + " --rows-per-second="
        + (25 + random.nextInt(50));
  }

  private static int backfillStep(Random random, List<String> steps) {
    int[] found =
        IntStream.range(0, steps.size())
            .filter(step -> steps.get(step).startsWith("backfill"))
            .toArray();
    return found[random.nextInt(found.length)];
  }

  private static Fault fault(Random random, List<String> steps) {
    // A quarter of the faults meets a backfill, which is most of the time of a real migration.
    boolean copies = random.nextInt(4) == 0;
    int step = copies ? backfillStep(random, steps) : random.nextInt(steps.size());
    int changes = random.nextInt(20);
    int millis = 200 + random.nextInt(3_000);
    int kind = random.nextInt(100);
    return switch (random.nextInt(10)) {
      case 0, 1 ->
          new Fault(
              step, changes, Victim.DIMSTORE_WRITER, kind < 60 ? Kind.KILL : Kind.PAUSE, millis);
      case 2 ->
          new Fault(step, changes, Victim.PLAIN_WRITER, kind < 50 ? Kind.KILL : Kind.PAUSE, millis);
      case 3, 4 ->
          new Fault(
              step,
              changes,
              Victim.MIGRATOR,
              kind < 35 ? Kind.KILL : kind < 50 ? Kind.REPLACE : Kind.PAUSE,
              millis);
      case 5, 6 -> new Fault(step, changes, Victim.REDIS, any(kind), millis);
      case 7 -> new Fault(step, changes, Victim.HBASE, any(kind), millis);
      default -> new Fault(step, changes, Victim.DYNAMODB, any(kind), millis);
    };
  }

  private static Kind any(int kind) {
    return kind < 40 ? Kind.KILL : kind < 65 ? Kind.PAUSE : kind < 85 ? Kind.SLOW : Kind.CUT;
  }

  @Override
  public String toString() {
    return "schedule of seed "
        + seed
        + "\n  steps: "
        + String.join(" | ", steps)
        + "\n  faults: "
        + faults.stream()
            .map(
                fault ->
                    "step "
                        + fault.step()
                        + " ("
                        + steps.get(fault.step()).split(" ", 2)[0]
                        + ") + "
                        + fault.changes()
                        + " changes: "
                        + fault.kind()
                        + " "
                        + fault.victim()
                        + " "
                        + fault.millis()
                        + " ms")
            .collect(Collectors.joining("; "));
  }
}
