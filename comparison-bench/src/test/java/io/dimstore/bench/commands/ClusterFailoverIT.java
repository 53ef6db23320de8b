// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.stack.LocalStack;
import io.dimstore.stack.StackOptions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The feature job on a Flink cluster whose leading JobManager is killed, and its successor too. */
class ClusterFailoverIT {

  private static final int EVENTS = 1_200;

  @Test
  void featuresAreExactThoughTheLeadingJobManagerAndItsSuccessorAreKilled() throws Exception {
    StackOptions options = StackOptions.of("flink", "kafka", "dynamodb").withHighAvailability();
    try (LocalStack stack = LocalStack.start(options)) {
      JobsOnCluster jobs = new JobsOnCluster(stack, EVENTS);
      JobsOnCluster.Run written = jobs.writeDimensionsHere();
      assertThat(written.exit()).as(written.err()).isZero();
      jobs.send(0, EVENTS / 3);
      JobsOnCluster.Run submitted = jobs.submitFeatures();
      assertThat(submitted.exit()).as(submitted.err()).isZero();
      String id = submitted.out().substring(0, 32);
      jobs.awaitFeatures(EVENTS / 3);

      // Some of these events are in a transaction that is not committed.
      jobs.send(EVENTS / 3, EVENTS / 2);
      ProcessHandle first = killLeader(stack);
      jobs.send(EVENTS / 2, EVENTS * 2 / 3);
      jobs.awaitFeatures(EVENTS * 2 / 3);

      jobs.send(EVENTS * 2 / 3, EVENTS * 5 / 6);
      ProcessHandle second = killLeader(stack);
      assertThat(second).isNotEqualTo(first);
      // The command finds no leader at first.
      JobsOnCluster.Run listed = jobs.job("list");
      assertThat(listed.out()).as(listed.err()).containsPattern(id + " .* features-both");
      jobs.send(EVENTS * 5 / 6, EVENTS);
      jobs.awaitFeatures(EVENTS);

      assertThat(jobs.job("stop", "features-both").exit()).isZero();
      jobs.assertFeaturesAreExact();
    }
  }

  /** Kills the JobManager that leads, as a crash would. */
  private static ProcessHandle killLeader(LocalStack stack) throws Exception {
    JobsOnCluster.await("a JobManager leads", () -> stack.flink().leader().isPresent());
    ProcessHandle leader = stack.flink().leader().orElseThrow();
    leader.destroyForcibly();
    leader.onExit().get(1, TimeUnit.MINUTES);
    return leader;
  }
}
