// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.job.plain;

import io.dimstore.bench.compare.arm.ArmPlan;
import io.dimstore.bench.compare.process.ArmControl;
import io.dimstore.bench.compare.process.ArmReport.State;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Main class of the process that runs the arm without Flink. Each partition has its own thread. */
public final class PlainMain {

  private PlainMain() {}

  /** Runs the arm. The arguments are those of {@link ArmControl#main}. */
  public static void main(String[] args) throws IOException {
    ArmControl.main(args, plan -> Map.of(), (plan, work, control) -> run(plan, control));
  }

  private static void run(ArmPlan plan, ArmControl control) throws Exception {
    PlainDimensions dimensions = PlainDimensions.load(plan);
    control.report(State.LOADED, Map.of());
    control.awaitLine();
    List<PlainWorker> workers = new ArrayList<>();
    for (int partition = 0; partition < plan.parallelism(); partition++) {
      workers.add(PlainWorker.start(plan, partition, dimensions));
    }
    control.report(State.RUNNING, Map.of());
    while (!control.pollLine()) {
      for (PlainWorker worker : workers) {
        worker.requireRunning();
      }
    }
    for (PlainWorker worker : workers) {
      worker.stop();
    }
    control.report(State.STOPPED, Map.of());
  }
}
