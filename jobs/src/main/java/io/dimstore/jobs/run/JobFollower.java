// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.run;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.JobClient;

/**
 * Follows a job to its end and shows its progress: the records that it has read, whether it
 * restarts, and the gauges of its store. Not thread-safe.
 */
public final class JobFollower {

  private static final int SECONDS = 5;

  private final JobClient job;
  private final LocalStoreMetrics metrics;
  private final ToLongFunction<Map<String, Object>> read;
  private final Consumer<String> lines;
  private Shown shown = new Shown(0, false, "");

  /** The content of a line of progress. A line is shown when its content has changed. */
  private record Shown(long read, boolean restarting, String state) {}

  /**
   * Creates a follower.
   *
   * @param read returns the number of records read, from the job's accumulators
   * @param lines receives each line of progress
   */
  public JobFollower(
      JobClient job,
      LocalStoreMetrics metrics,
      ToLongFunction<Map<String, Object>> read,
      Consumer<String> lines) {
    this.job = job;
    this.metrics = metrics;
    this.read = read;
    this.lines = lines;
  }

  /** Returns when the job has ended, in whatever way. Waiting for its result reports a failure. */
  public void follow() throws InterruptedException {
    CompletableFuture<JobExecutionResult> end = job.getJobExecutionResult();
    while (!hasEnded(end)) {
      show();
    }
    if (!end.isCompletedExceptionally()) {
      showLast(end.join());
    }
  }

  /**
   * Shows the final count: while a job runs, its counts come with its heartbeats, which are rare.
   */
  private void showLast(JobExecutionResult result) {
    long all = read.applyAsLong(result.getAllAccumulatorResults());
    if (all > shown.read) {
      lines.accept(text(all));
    }
  }

  private static String text(long count) {
    return String.format(Locale.ROOT, "%,d records read", count);
  }

  private static boolean hasEnded(CompletableFuture<?> end) throws InterruptedException {
    try {
      end.get(SECONDS, TimeUnit.SECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      return true;
    }
  }

  void show() throws InterruptedException {
    Shown now = new Shown(recordsRead(), isRestarting(), metrics.state());
    if (!now.equals(shown)) {
      String values = metrics.values();
      lines.accept(
          text(now.read)
              + (now.restarting ? "; the job has failed and is restarting" : "")
              + (values.isEmpty() ? "" : "; " + metrics.store() + ": " + values));
    }
    shown = now;
  }

  private long recordsRead() throws InterruptedException {
    try {
      // After a restart, the job answers with empty accumulators until its tasks report.
      return Math.max(shown.read, read.applyAsLong(job.getAccumulators().get()));
    } catch (ExecutionException | IllegalStateException e) {
      return shown.read; // the job does not answer while it restarts or after its end
    }
  }

  private boolean isRestarting() throws InterruptedException {
    try {
      return job.getJobStatus().get() == JobStatus.RESTARTING;
    } catch (ExecutionException | IllegalStateException e) {
      return false; // the job has ended
    }
  }
}
