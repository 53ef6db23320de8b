// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink;

import io.dimstore.tck.architecture.PackageLayers;
import org.junit.jupiter.api.Test;

class ConnectorArchitectureTest {

  @Test
  void packagesUseOnlyTheLayersBelow() {
    PackageLayers.check(
        "io.dimstore.flink",
        "table",
        "internal.table",
        "internal.lookup internal.source internal.sink",
        "internal.sink.order",
        "internal.sink.deadletter",
        "internal.store",
        "internal.cache",
        "internal.row internal.metrics",
        ".",
        "internal.registry");
  }
}
