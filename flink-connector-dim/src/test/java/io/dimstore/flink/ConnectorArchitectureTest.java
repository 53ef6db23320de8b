// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink;

import io.dimstore.tck.PackageLayers;
import org.junit.jupiter.api.Test;

class ConnectorArchitectureTest {

  @Test
  void packagesUseOnlyTheLayersBelow() {
    PackageLayers.check(
        "io.dimstore.flink", "table", "lookup source sink", "store", "row", "metrics", ".");
  }
}
