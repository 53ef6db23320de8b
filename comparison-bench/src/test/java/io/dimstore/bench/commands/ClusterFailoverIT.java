// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.bench.commands.FeatureCluster.Run;
import io.dimstore.stack.LocalStack;
import io.dimstore.stack.StackOptions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The feature job on a Flink cluster whose leading JobManager is killed, and its successor too. */
class ClusterFailoverIT {

  private static final int EVENTS = 1_200;
  private static final String STORE = "dynamodb";

  @Test
  void featuresAreExactThoughTheLeadingJobManagerAndItsSuccessorAreKilled() throws Exception {
    StackOptions options = StackOptions.of("flink", "kafka", STORE).withHighAvailability();
    try (FeatureCluster cluster = FeatureCluster.start(options, EVENTS)) {
      cluster.sendChanges();
      Run written = cluster.writeHere(STORE);
      assertThat(written.exit()).as(written.err()).isZero();
      cluster.sendEvents(0, EVENTS / 3);
      Run submitted = cluster.features(STORE);
      assertThat(submitted.exit()).as(submitted.err()).isZero();
      String id = submitted.out().substring(0, 32);
      cluster.awaitFeatures(EVENTS / 3);

      // Some of these events are in a transaction that is not committed.
      cluster.sendEvents(EVENTS / 3, EVENTS / 2);
      ProcessHandle first = killLeader(cluster.stack());
      cluster.sendEvents(EVENTS / 2, EVENTS * 2 / 3);
      cluster.awaitFeatures(EVENTS * 2 / 3);

      cluster.sendEvents(EVENTS * 2 / 3, EVENTS * 5 / 6);
      ProcessHandle second = killLeader(cluster.stack());
      assertThat(second).isNotEqualTo(first);
      // The command finds no leader at first.
      Run listed = cluster.job("list");
      assertThat(listed.out()).as(listed.err()).containsPattern(id + " .* features-both");
      cluster.sendEvents(EVENTS * 5 / 6, EVENTS);
      cluster.awaitFeatures(EVENTS);

      assertThat(cluster.job("stop", "features-both").exit()).isZero();
      cluster.assertExact(EVENTS);
    }
  }

  /** Kills the JobManager that leads, as a crash would. */
  private static ProcessHandle killLeader(LocalStack stack) throws Exception {
    FeatureCluster.await("a JobManager leads", () -> stack.flink().leader().isPresent());
    ProcessHandle leader = stack.flink().leader().orElseThrow();
    leader.destroyForcibly();
    leader.onExit().get(1, TimeUnit.MINUTES);
    return leader;
  }
}
