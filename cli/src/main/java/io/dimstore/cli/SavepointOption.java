// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A picocli mixin of the option of a command whose job on a Flink cluster can be continued. */
public final class SavepointOption {

  @Option(
      names = "--from-savepoint",
      paramLabel = "DIR",
      description = "With --cluster: continue from this savepoint, as 'job stop' prints it.")
  private @Nullable String savepoint;

  /** For picocli. */
  public SavepointOption() {}

  /**
   * Returns the savepoint that the job continues from, or null.
   *
   * @param cluster the cluster that runs the job, or null if this process does
   * @throws UsageException if the option is given and no cluster is named
   */
  public @Nullable String of(@Nullable URI cluster) {
    if (savepoint != null && cluster == null) {
      throw Usage.error("--from-savepoint goes with --cluster");
    }
    return savepoint;
  }
}
