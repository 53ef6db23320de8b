// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.job;

import io.dimstore.cli.ExitCodes;
import io.dimstore.cli.Usage;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Stops a job. */
@Command(
    name = "stop",
    description = {
      "Stops a job with a savepoint, and prints the savepoint's path.",
      "'feature run' and 'write run' continue from it with --from-savepoint."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/dimstore job stop features-both",
      "  bin/dimstore job stop dim-writer --without-savepoint"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class StopCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "JOB", description = "The job, by its id or by its name.")
  private String job;

  @Mixin private ClusterOption cluster;

  @Option(
      names = "--savepoint-dir",
      paramLabel = "DIR",
      description = "Folder of the savepoint, in place of the cluster's own.")
  private @Nullable String folder;

  @Option(
      names = "--without-savepoint",
      description = "Cancel the job. What it did after its last checkpoint is not committed.")
  private boolean withoutSavepoint;

  @Override
  public Integer call() throws InterruptedException {
    if (withoutSavepoint && folder != null) {
      throw Usage.error("--savepoint-dir does not go with --without-savepoint");
    }
    FlinkCluster flink = cluster.cluster();
    FlinkJob found = flink.job(job);
    if (withoutSavepoint) {
      flink.cancel(found);
      return ExitCodes.OK;
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(flink.stop(found, folder));
    out.flush();
    return ExitCodes.OK;
  }
}
