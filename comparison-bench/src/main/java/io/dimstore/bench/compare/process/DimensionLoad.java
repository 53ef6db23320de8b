// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.process;

import io.dimstore.bench.compare.arm.ArmPlan;
import io.dimstore.bench.compare.process.ArmReport.State;
import io.dimstore.writer.ChangeCounts;
import io.dimstore.writer.DimWriterJob;
import io.dimstore.writer.WriterOptions;
import io.dimstore.writer.WriterResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Loads the dimensions into the store of an arm, with the job of {@code dim-writer}. */
public final class DimensionLoad {

  /**
   * Count in a LOADING or LOADED report: dimension changes written to the store. {@link
   * #LOAD_SECONDS} of the latter is how long that took.
   */
  public static final String CHANGES = "changes";

  public static final String LOAD_SECONDS = "loadSeconds";

  private DimensionLoad() {}

  /**
   * Writes the changes that the topics have now, and creates the tables. Reports LOADING, and
   * LOADED at the end.
   *
   * @param work the folder of the run
   */
  public static void run(ArmPlan plan, Path work, ArmControl control) throws InterruptedException {
    WriterOptions options =
        WriterOptions.builder(plan.bootstrap(), plan.loadStore())
            .job(
                settings ->
                    settings
                        .storeOptions(plan.loadStoreOptions())
                        .groupId("load-" + plan.arm())
                        .parallelism(plan.parallelism())
                        .bounded(true))
            .build();
    Configuration reporting = ArmSettings.of(work);
    // Counts reach the JobManager with heartbeats.
    reporting.set(HeartbeatManagerOptions.HEARTBEAT_INTERVAL, Duration.ofSeconds(1));
    DimWriterJob job =
        DimWriterJob.build(StreamExecutionEnvironment.createLocalEnvironment(reporting), options);
    JobClient client = job.execute();
    WriterResult result;
    try (PeriodicReport<Double> reports =
        PeriodicReport.start(
            () -> changes(job.progress(client)),
            changes -> control.report(State.LOADING, Map.of(CHANGES, changes)))) {
      result = job.await(client);
    }
    control.report(
        State.LOADED,
        Map.of(CHANGES, changes(result), LOAD_SECONDS, result.elapsed().toMillis() / 1e3));
  }

  private static double changes(WriterResult result) {
    long changes = 0;
    for (ChangeCounts counts : result.dimensions().values()) {
      changes += counts.upserts() + counts.deletes();
    }
    return changes;
  }
}
