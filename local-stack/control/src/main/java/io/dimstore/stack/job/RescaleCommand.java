// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.job;

import io.dimstore.cli.ExitCodes;
import io.dimstore.cli.Usage;
import io.dimstore.stack.server.StackException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Changes the parallelism of a running job. */
@Command(
    name = "rescale",
    description = {
      "Changes the parallelism of a running job, and returns when the job runs with it.",
      "The job continues from its last checkpoint. Needs Flink's adaptive scheduler, which the"
          + " cluster of 'stack up --flink' has."
    },
    footerHeading = "%nExample:%n",
    footer = "  bin/dimstore job rescale features-both --parallelism 2")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class RescaleCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "JOB", description = "The job, by its id or by its name.")
  private String job;

  @Mixin private ClusterOption cluster;

  @Option(
      names = "--parallelism",
      required = true,
      paramLabel = "N",
      description = "Parallelism of all operators of the job.")
  private int parallelism;

  @Override
  public Integer call() throws InterruptedException {
    Usage.requireAtLeast(1, "--parallelism", parallelism);
    FlinkCluster flink = cluster.cluster();
    FlinkJob found = flink.job(job);
    int more = parallelism - flink.parallelism(found);
    int free = flink.freeSlots();
    if (more > free) {
      throw new StackException(
          "The job needs %d more slots, and the cluster has %d free. Start more TaskManagers."
              .formatted(more, free));
    }
    flink.rescale(found, parallelism);
    PrintWriter out = spec.commandLine().getOut();
    out.println(found.id() + " runs with parallelism " + parallelism);
    out.flush();
    return ExitCodes.OK;
  }
}
