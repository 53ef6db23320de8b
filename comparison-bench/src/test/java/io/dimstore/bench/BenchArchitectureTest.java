// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench;

import io.dimstore.tck.architecture.PackageLayers;
import org.junit.jupiter.api.Test;

class BenchArchitectureTest {

  @Test
  void packagesUseOnlyTheLayersBelow() {
    PackageLayers.check(
        "io.dimstore.bench",
        ".",
        "compare job checkpoint lookup",
        "lookup.arm",
        "lookup.job",
        "job.plain job.flame compare.run",
        "compare.process",
        "compare.report compare.oracle",
        "compare.settings",
        "compare.arm",
        "store fixture.hbaseredis fixture.dynamodb",
        "fixture",
        "report",
        "measure stats",
        "workload",
        "subject");
  }
}
