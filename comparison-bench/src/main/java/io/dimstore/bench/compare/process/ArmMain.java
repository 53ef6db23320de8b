// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.process;

import io.dimstore.bench.compare.arm.ArmPlan;
import io.dimstore.bench.compare.process.ArmReport.State;
import io.dimstore.features.job.FeatureJob;
import io.dimstore.flink.DimMetrics;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.StoreMetrics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Main class of the process that runs one arm. It loads the dimensions, waits for a line on
 * standard input, and runs the feature job until the next line. It reports its progress on standard
 * output as {@link ArmReport}s. The process exits whenever its standard input ends.
 */
public final class ArmMain {

  /**
   * Prefix of the counts in a STOPPED report: requests of the feature job, followed by the server's
   * name.
   */
  public static final String REQUESTS = "requests.";

  /**
   * Count in a USAGE report: changes that the job's sinks have received, and neither written nor
   * replaced by newer ones.
   */
  public static final String WAITING_CHANGES = "waitingChanges";

  private final ArmPlan plan;
  private final Path work;
  private final ArmControl control;

  private ArmMain(ArmPlan plan, Path work, ArmControl control) {
    this.plan = plan;
    this.work = work;
    this.control = control;
  }

  /**
   * Runs an arm. The arguments are the file of an {@link ArmPlan} and the folder for table dumps.
   */
  public static void main(String[] args) throws IOException {
    ArmControl.main(
        args, ArmMain::usage, (plan, work, control) -> new ArmMain(plan, work, control).run());
  }

  private void run() throws Exception {
    DimensionLoad.run(plan, work, control);
    control.awaitLine();
    DimMetrics.Snapshot before = DimMetrics.snapshot();
    JobClient job =
        FeatureJob.build(
                StreamExecutionEnvironment.createLocalEnvironment(ArmSettings.of(work)),
                ArmSql.options(plan).build())
            .execute();
    awaitRunning(job);
    control.report(State.RUNNING, Map.of());
    awaitLineOrEnd(job);
    // Stop with a savepoint instead of cancelling, so that the sinks flush what they buffer.
    job.stopWithSavepoint(false, work.toUri() + "savepoint", SavepointFormatType.NATIVE)
        .get(2, TimeUnit.MINUTES);
    Map<String, Double> requests = requests(plan, DimMetrics.snapshot().since(before));
    if (plan.tables().isEmpty()) {
      try (DimensionStore store =
          DimensionStores.open(
              plan.loadStore(),
              plan.loadStoreOptions(),
              StoreMetrics.NONE,
              InstantSource.system())) {
        OnlineTables.dump(store, work, plan.arm());
      }
    }
    control.report(State.STOPPED, requests);
  }

  private static void awaitRunning(JobClient job) throws Exception {
    while (true) {
      JobStatus status = job.getJobStatus().get();
      if (status == JobStatus.RUNNING) {
        return;
      }
      if (status.isGloballyTerminalState()) {
        job.getJobExecutionResult().get();
        throw new IllegalStateException("The feature job is " + status);
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  /** Waits for a line on standard input. Fails if the job fails or ends before that. */
  private void awaitLineOrEnd(JobClient job) throws Exception {
    CompletableFuture<JobExecutionResult> end = job.getJobExecutionResult();
    while (!control.pollLine()) {
      if (end.isDone()) {
        end.get();
        throw new IllegalStateException("The feature job ended by itself");
      }
    }
  }

  private static Map<String, Double> usage(ArmPlan plan) {
    DimMetrics.Snapshot metrics = DimMetrics.snapshot();
    Map<String, Double> usage = requests(plan, metrics);
    usage.put(WAITING_CHANGES, waitingChanges(metrics));
    return usage;
  }

  private static double waitingChanges(DimMetrics.Snapshot metrics) {
    double waiting = 0;
    for (Map.Entry<String, Double> each : metrics.values().entrySet()) {
      String[] parts = each.getKey().split("\\.", -1);
      if (parts.length == 4 && parts[0].equals("table")) {
        waiting +=
            switch (parts[3]) {
              case DimMetrics.CHANGES -> each.getValue();
              case DimMetrics.CHANGES_WRITTEN, DimMetrics.CHANGES_COALESCED -> -each.getValue();
              default -> 0;
            };
      }
    }
    return waiting;
  }

  /** Counts requests to the arm's servers. Calls of a store inside this process are none. */
  private static Map<String, Double> requests(ArmPlan plan, DimMetrics.Snapshot metrics) {
    Map<String, Double> requests = new TreeMap<>();
    metrics
        .values()
        .forEach(
            (name, value) -> {
              String[] parts = name.split("\\.", -1);
              if (parts.length == 5
                  && parts[0].equals("store")
                  && parts[4].equals(DimMetrics.REQUESTS)
                  && plan.servers().contains(parts[2])
                  && !parts[3].equals("admin")) {
                requests.merge(REQUESTS + parts[2], value, Double::sum);
              }
            });
    return requests;
  }
}
