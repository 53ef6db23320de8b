// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.bench.commands.FeatureCluster.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Submits the feature job again and again, each time from where the last one was stopped or
 * cancelled, with one store after the other. Each job is also restarted: it is rescaled, or its
 * TaskManager is killed. After each job the processes of the cluster must hold nothing for it.
 */
final class JobCycles {

  private static final String JOB = "features-both";

  private final FeatureCluster cluster;
  private final LeakCheck leaks;
  private final List<String> stores;

  /** Events of one job. */
  private final int events;

  private String[] from = {};
  private int sent;

  JobCycles(FeatureCluster cluster, LeakCheck leaks, List<String> stores, int events) {
    this.cluster = cluster;
    this.leaks = leaks;
    this.stores = stores;
    this.events = events;
  }

  /** Runs one job per store in each cycle, and compares all committed rows at the end. */
  void run(int cycles) throws Exception {
    for (int cycle = 0; cycle < cycles; cycle++) {
      for (String store : stores) {
        run(cycle, store);
        leaks.awaitNothing("cycle " + cycle + " with " + store);
      }
    }
    cluster.assertExact(sent);
  }

  private void run(int cycle, String store) throws Exception {
    send();
    Run submitted = cluster.features(store, from);
    assertThat(submitted.exit()).as(submitted.err()).isZero();
    String job = submitted.out().substring(0, 32);
    cluster.awaitFeatures(sent);
    if (cycle == 0) {
      leaks.requireJob(store);
    }
    if (cycle % 2 == 1) {
      cluster.killTaskManager();
    } else {
      Run rescaled = cluster.job("rescale", JOB, "--parallelism=2");
      assertThat(rescaled.exit()).as(rescaled.err()).isZero();
    }
    send();
    cluster.awaitFeatures(sent);
    from = new String[] {"--from-savepoint", cycle % 3 == 2 ? stop() : cancel(job)};
  }

  private void send() {
    cluster.sendEvents(sent, sent + events / 2);
    sent += events / 2;
  }

  private String stop() {
    Run stopped = cluster.job("stop", JOB);
    assertThat(stopped.exit()).as(stopped.err()).isZero();
    return stopped.out().strip();
  }

  /**
   * Cancels the job and returns its last checkpoint. Flink retains one, but may still remove others
   * when the job has ended.
   */
  private String cancel(String job) throws Exception {
    Run cancelled = cluster.job("stop", JOB, "--without-savepoint");
    assertThat(cancelled.exit()).as(cancelled.err()).isZero();
    Path folder = cluster.stack().flink().folder().resolve("checkpoints").resolve(job);
    FeatureCluster.await("one checkpoint is left", () -> completed(folder).size() == 1);
    return completed(folder).get(0).toUri().toString();
  }

  private static List<Path> completed(Path folder) throws IOException {
    try (Stream<Path> checkpoints = Files.list(folder)) {
      return checkpoints.filter(each -> Files.exists(each.resolve("_metadata"))).toList();
    }
  }
}
