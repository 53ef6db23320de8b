// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.checkpoint;

import io.dimstore.bench.compare.arm.ArmPlan;
import io.dimstore.bench.compare.process.ArmControl;
import io.dimstore.bench.compare.process.ArmReport.State;
import io.dimstore.bench.compare.process.ArmSettings;
import io.dimstore.bench.compare.process.ArmSql;
import io.dimstore.bench.compare.process.DimensionLoad;
import io.dimstore.features.job.FeatureJob;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.CheckpointType;
import org.apache.flink.runtime.checkpoint.AbstractCheckpointStats;
import org.apache.flink.runtime.checkpoint.CheckpointStatsSnapshot;
import org.apache.flink.runtime.checkpoint.CompletedCheckpointStats;
import org.apache.flink.runtime.checkpoint.TaskStateStats;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecutionVertex;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;

/**
 * Main class of the process whose checkpoints are measured. It runs the feature job on the backend
 * that the plan's arm names. The first line on standard input starts the job; each further line
 * triggers a checkpoint.
 */
public final class CheckpointMain {

  /** Counts in a CHECKPOINTED report. {@link CheckpointFigures.Checkpoint} explains them. */
  static final String MILLIS = "millis";

  static final String SYNC_MILLIS = "syncMillis";
  static final String WRITTEN_BYTES = "writtenBytes";
  static final String STATE_BYTES = "stateBytes";

  /** Longer than any measurement: the only checkpoints are those that are triggered. */
  private static final Duration NEVER = Duration.ofDays(3_650);

  private static final long START_SECONDS = 60;
  private static final long CHECKPOINT_SECONDS = 300;

  private final ArmPlan plan;
  private final Path work;
  private final ArmControl control;

  private CheckpointMain(ArmPlan plan, Path work, ArmControl control) {
    this.plan = plan;
    this.work = work;
    this.control = control;
  }

  /** Runs the process. The arguments are those of {@link ArmControl#main}. */
  public static void main(String[] args) throws IOException {
    ArmControl.main(
        args,
        unused -> Map.of(),
        (plan, work, control) -> new CheckpointMain(plan, work, control).run());
  }

  private void run() throws Exception {
    DimensionLoad.run(plan, work, control);
    control.awaitLine();
    Configuration configuration = ArmSettings.of(work);
    Backend.ofText(plan.arm()).applyTo(configuration);
    configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(512));
    try (MiniCluster cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(plan.parallelism())
                .build())) {
      cluster.start();
      JobID job = start(cluster, configuration);
      awaitRunning(cluster, job);
      control.report(State.RUNNING, Map.of());
      while (true) {
        while (!control.pollLine()) {
          requireRunning(cluster, job);
        }
        control.report(State.CHECKPOINTED, checkpoint(cluster, job));
      }
    }
  }

  private JobID start(MiniCluster cluster, Configuration configuration) throws Exception {
    URI rest = cluster.getRestAddress().get(START_SECONDS, TimeUnit.SECONDS);
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createRemoteEnvironment(
            rest.getHost(), rest.getPort(), configuration);
    return FeatureJob.build(
            env, ArmSql.options(plan).job(settings -> settings.checkpointInterval(NEVER)).build())
        .execute()
        .getJobID();
  }

  /** Waits until all tasks run. Before that, no checkpoint can begin. */
  private static void awaitRunning(MiniCluster cluster, JobID job) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (true) {
      requireRunning(cluster, job);
      boolean running = true;
      for (AccessExecutionVertex task :
          cluster.getExecutionGraph(job).get().getAllExecutionVertices()) {
        running &= task.getExecutionState() == ExecutionState.RUNNING;
      }
      if (running) {
        return;
      }
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException(
            "The feature job does not run after " + START_SECONDS + " s");
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private static void requireRunning(MiniCluster cluster, JobID job) throws Exception {
    JobStatus status = cluster.getJobStatus(job).get(START_SECONDS, TimeUnit.SECONDS);
    if (status.isGloballyTerminalState()) {
      Throwable cause =
          cluster
              .requestJobResult(job)
              .get()
              .getSerializedThrowable()
              .map(failure -> failure.deserializeError(CheckpointMain.class.getClassLoader()))
              .orElse(null);
      throw new IllegalStateException("The feature job is " + status, cause);
    }
  }

  private static Map<String, Double> checkpoint(MiniCluster cluster, JobID job) throws Exception {
    long id =
        cluster
            .triggerCheckpoint(job, CheckpointType.CONFIGURED)
            .get(CHECKPOINT_SECONDS, TimeUnit.SECONDS);
    CompletedCheckpointStats stats = completed(cluster, job, id);
    long syncMillis = 0;
    for (TaskStateStats task : stats.getAllTaskStateStats()) {
      syncMillis =
          Math.max(
              syncMillis, task.getSummaryStats().getSyncCheckpointDurationStats().getMaximum());
    }
    return Map.of(
        MILLIS, (double) stats.getEndToEndDuration(),
        SYNC_MILLIS, (double) syncMillis,
        WRITTEN_BYTES, (double) stats.getCheckpointedSize(),
        STATE_BYTES, (double) stats.getStateSize());
  }

  /** The statistics of a checkpoint may be completed after the checkpoint. */
  private static CompletedCheckpointStats completed(MiniCluster cluster, JobID job, long id)
      throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (true) {
      @Nullable CheckpointStatsSnapshot snapshot =
          cluster.getExecutionGraph(job).get().getCheckpointStatsSnapshot();
      AbstractCheckpointStats stats =
          snapshot == null ? null : snapshot.getHistory().getCheckpointById(id);
      if (stats instanceof CompletedCheckpointStats completed) {
        return completed;
      }
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException("Flink has no statistics of checkpoint " + id);
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }
}
