// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack;

import io.dimstore.tck.architecture.PackageLayers;
import org.junit.jupiter.api.Test;

class StackArchitectureTest {

  /**
   * The layers from {@code hbase} on are the modules of single servers, which know nothing of a
   * stack.
   */
  @Test
  void packagesUseOnlyTheLayersBelow() {
    PackageLayers.check(
        "io.dimstore.stack",
        "command relay job",
        ".",
        "process",
        "server",
        "hbase kafka dynamodb flink",
        "dynamodb.policy",
        "dynamodb.model",
        "dynamodb.program",
        "dynamodb.http");
  }
}
