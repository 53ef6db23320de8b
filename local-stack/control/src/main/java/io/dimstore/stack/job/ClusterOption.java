// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.job;

import io.dimstore.cli.ClusterAddress;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A picocli mixin of the option that names the cluster. */
final class ClusterOption {

  @Option(
      names = "--cluster",
      paramLabel = "URL",
      description =
          "The Flink cluster, by the address of its REST interface. Without this option, the cluster"
              + " of the variable DIMSTORE_FLINK_ADDRESS, which 'stack up --flink --format env'"
              + " prints.")
  private @Nullable String cluster;

  FlinkCluster cluster() {
    return new FlinkCluster(ClusterAddress.of(cluster));
  }
}
