// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.job;

import io.dimstore.cli.ExitCodes;
import java.io.PrintWriter;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the jobs of a cluster. */
@Command(
    name = "list",
    description = "Prints the active jobs of a Flink cluster, the newest first.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/dimstore job list",
      "  bin/dimstore job list --ended --cluster http://127.0.0.1:8081"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ListJobsCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private ClusterOption cluster;

  @Option(names = "--ended", description = "Print the jobs that have ended, too.")
  private boolean ended;

  @Override
  public Integer call() throws InterruptedException {
    FlinkCluster flink = cluster.cluster();
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%-32s  %-10s  %11s  %-20s  %s%n", "JOB", "STATE", "PARALLELISM", "START", "NAME");
    for (FlinkJob job : flink.jobs()) {
      if (ended || job.isActive()) {
        out.printf(
            "%-32s  %-10s  %11d  %-20s  %s%n",
            job.id(),
            job.state(),
            flink.parallelism(job),
            job.start().truncatedTo(ChronoUnit.SECONDS),
            job.name());
      }
    }
    out.flush();
    return ExitCodes.OK;
  }
}
