// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.lookup;

import io.dimstore.bench.lookup.arm.LookupArm;
import io.dimstore.bench.lookup.arm.LookupContext;
import io.dimstore.bench.lookup.job.BlockFeed;
import io.dimstore.bench.lookup.job.BlockSink;
import io.dimstore.bench.lookup.job.BlockSource;
import io.dimstore.bench.lookup.job.DimensionRows;
import io.dimstore.bench.subject.BenchException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.data.RowData;

/** The Flink cluster in this process on which the jobs of all arms run. Not thread-safe. */
final class LookupCluster implements AutoCloseable {

  private static final long START_SECONDS = 60;

  private final MiniCluster cluster;
  private final int parallelism;
  private final List<JobID> jobs = new ArrayList<>();

  private LookupCluster(MiniCluster cluster, int parallelism) {
    this.cluster = cluster;
    this.parallelism = parallelism;
  }

  /** Starts a cluster with room for this many jobs. */
  static LookupCluster start(int jobs, int parallelism) {
    Configuration configuration = new Configuration();
    // The stock connector still uses its class loader after its job has ended.
    configuration.set(CoreOptions.CHECK_LEAKED_CLASSLOADER, false);
    MiniCluster cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(jobs * parallelism)
                .build());
    try {
      cluster.start();
    } catch (Exception e) {
      throw new BenchException("The Flink cluster does not start: " + e, e);
    }
    return new LookupCluster(cluster, parallelism);
  }

  /** Starts the job of an arm, and returns when it runs. It is never restarted. */
  BlockFeed start(LookupArm arm, DimensionRows rows, LookupContext context) {
    BlockFeed feed = BlockFeed.create(arm.id(), rows);
    Configuration configuration = new Configuration();
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
    // Otherwise every operator copies every row, which would be most of what is measured.
    configuration.set(PipelineOptions.OBJECT_REUSE, true);
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    env.setParallelism(parallelism);
    DataStream<RowData> events =
        env.fromSource(
            new BlockSource(arm.id()),
            WatermarkStrategy.noWatermarks(),
            "events",
            DimensionRows.typeOf(DimensionRows.EVENT));
    arm.join(env, events, context).sinkTo(new BlockSink(arm.id()));
    JobGraph graph = env.getStreamGraph().getJobGraph();
    try {
      cluster.submitJob(graph).get(START_SECONDS, TimeUnit.SECONDS);
      awaitRunning(arm, graph.getJobID());
    } catch (ExecutionException | TimeoutException e) {
      throw new BenchException("The job of arm " + arm.id() + " does not start: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted", e);
    }
    jobs.add(graph.getJobID());
    watch(graph.getJobID(), feed);
    return feed;
  }

  private void awaitRunning(LookupArm arm, JobID job)
      throws InterruptedException, ExecutionException, TimeoutException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (true) {
      JobStatus status = cluster.getJobStatus(job).get(START_SECONDS, TimeUnit.SECONDS);
      if (status == JobStatus.RUNNING) {
        return;
      }
      if (status.isGloballyTerminalState() || System.nanoTime() - end > 0) {
        throw new BenchException("The job of arm " + arm.id() + " is " + status);
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private void watch(JobID job, BlockFeed feed) {
    CompletableFuture<?> unused =
        cluster
            .requestJobResult(job)
            .whenComplete(
                (result, failure) ->
                    feed.fail(
                        failure != null
                            ? failure
                            : result
                                .getSerializedThrowable()
                                .map(cause -> cause.deserializeError(getClass().getClassLoader()))
                                .orElseGet(() -> new IllegalStateException("It has ended"))));
  }

  /** Cancels the jobs and stops the cluster. */
  @Override
  public void close() {
    try {
      for (JobID job : jobs) {
        if (!cluster.getJobStatus(job).get().isGloballyTerminalState()) {
          cluster.cancelJob(job).get(START_SECONDS, TimeUnit.SECONDS);
          cluster.requestJobResult(job).get(START_SECONDS, TimeUnit.SECONDS);
        }
      }
      cluster.close();
    } catch (Exception e) {
      throw new BenchException("The Flink cluster does not stop: " + e, e);
    }
  }
}
