// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.util.OptionalFailure;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JobFollowerTest {

  private final FakeJob job = new FakeJob();
  private final List<String> lines = new ArrayList<>();
  private final JobFollower follower =
      new JobFollower(
          job,
          new LocalStoreMetrics("none"),
          counts -> JobCounters.count("job", "read", counts),
          lines::add);

  @Test
  void progressIsShownWhenItHasChanged() throws Exception {
    follower.show();
    job.read = 1_234L;
    follower.show();
    follower.show();
    assertThat(lines).containsExactly("1,234 records read");
  }

  @Test
  void aRestartIsShownAndTheCountIsKept() throws Exception {
    job.read = 10L;
    follower.show();
    job.read = null;
    job.status = JobStatus.RESTARTING;
    follower.show();
    job.read = 11L;
    job.status = JobStatus.RUNNING;
    follower.show();
    assertThat(lines)
        .containsExactly(
            "10 records read",
            "10 records read; the job has failed and is restarting",
            "11 records read");
  }

  @Test
  void aCountThatIsNotReportedYetAfterARestartIsKept() throws Exception {
    job.read = 10L;
    follower.show();
    job.read = 0L;
    follower.show();
    assertThat(lines).containsExactly("10 records read");
  }

  /** The local cluster of a job that has just ended throws. */
  @Test
  void aJobThatHasJustEndedIsNoFailure() throws Exception {
    job.read = 10L;
    follower.show();
    job.closed = true;
    follower.show();
    assertThat(lines).containsExactly("10 records read");
  }

  /** A job of a few seconds ends before its first counts arrive. */
  @Test
  void theLastLineHasTheFinalCount() throws Exception {
    follower.show();
    job.end.complete(
        new JobExecutionResult(new JobID(), 1, Map.of("job.read", OptionalFailure.of(175L))));
    follower.follow();
    assertThat(lines).containsExactly("175 records read");
  }

  @Test
  void aFailedJobEndsTheFollowingWithoutAnException() throws Exception {
    job.end.completeExceptionally(new IllegalStateException("failed"));
    follower.follow();
    assertThat(lines).isEmpty();
  }

  /** A job whose state the test sets. */
  private static final class FakeJob implements JobClient {

    private final CompletableFuture<JobExecutionResult> end = new CompletableFuture<>();

    /** Null if the job does not answer. */
    private @Nullable Long read = 0L;

    private JobStatus status = JobStatus.RUNNING;
    private boolean closed;

    private void requireOpen() {
      if (closed) {
        throw new IllegalStateException("The cluster is closed");
      }
    }

    @Override
    public JobID getJobID() {
      return new JobID();
    }

    @Override
    public CompletableFuture<JobStatus> getJobStatus() {
      requireOpen();
      return CompletableFuture.completedFuture(status);
    }

    @Override
    public CompletableFuture<Void> cancel() {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<String> stopWithSavepoint(
        boolean advance, @Nullable String folder, SavepointFormatType format) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<String> triggerSavepoint(
        @Nullable String folder, SavepointFormatType format) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Map<String, Object>> getAccumulators() {
      requireOpen();
      Map<String, Object> counts = new HashMap<>();
      counts.put("job.read", read);
      return read == null
          ? CompletableFuture.failedFuture(new IllegalStateException("restarting"))
          : CompletableFuture.completedFuture(counts);
    }

    @Override
    public CompletableFuture<JobExecutionResult> getJobExecutionResult() {
      return end;
    }
  }
}
