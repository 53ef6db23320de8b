// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.job;

import io.dimstore.cli.ExitCodes;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a savepoint of a job. */
@Command(
    name = "savepoint",
    description = {
      "Writes a savepoint of a job, which runs on, and prints the savepoint's path.",
      "'feature run' and 'write run' continue from it with --from-savepoint."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/dimstore job savepoint features-both",
      "  bin/dimstore job savepoint dim-writer --savepoint-dir file:///data/savepoints"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class SavepointCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "JOB", description = "The job, by its id or by its name.")
  private String job;

  @Mixin private ClusterOption cluster;

  @Option(
      names = "--savepoint-dir",
      paramLabel = "DIR",
      description = "Folder of the savepoint, in place of the cluster's own.")
  private @Nullable String folder;

  @Override
  public Integer call() throws InterruptedException {
    FlinkCluster flink = cluster.cluster();
    PrintWriter out = spec.commandLine().getOut();
    out.println(flink.savepoint(flink.job(job), folder));
    out.flush();
    return ExitCodes.OK;
  }
}
