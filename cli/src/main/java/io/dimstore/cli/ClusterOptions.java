// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A picocli mixin of the options of a command that can run its job on a Flink cluster. */
public final class ClusterOptions {

  @Option(
      names = ClusterAddress.OPTION,
      arity = "0..1",
      fallbackValue = "",
      paramLabel = "URL",
      description =
          "The Flink cluster, by the address of its REST interface. The command submits the job"
              + " there with the jars that it needs, and returns. Without a value, the cluster of the"
              + " variable "
              + StackVariables.FLINK
              + ", which 'stack up --flink --format env' prints.")
  private @Nullable String cluster;

  @Option(
      names = "--follow",
      description = "With --cluster: follow the job until it ends, and print its counts.")
  private boolean follow;

  /** For picocli. */
  public ClusterOptions() {}

  /**
   * Returns the cluster that runs the job, or null if this process does.
   *
   * @throws UsageException for a wrong address, or if --follow is given and no cluster is named
   */
  public @Nullable URI cluster() {
    if (cluster != null) {
      return ClusterAddress.of(cluster);
    }
    if (follow) {
      throw Usage.error("--follow goes with --cluster");
    }
    return null;
  }

  /** Whether to follow the job to its end. */
  public boolean isAwaited() {
    return cluster == null || follow;
  }
}
