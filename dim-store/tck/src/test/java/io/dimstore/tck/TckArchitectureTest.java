// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck;

import io.dimstore.tck.architecture.PackageLayers;
import org.junit.jupiter.api.Test;

class TckArchitectureTest {

  @Test
  void packagesUseOnlyTheLayersBelow() {
    PackageLayers.check(
        "io.dimstore.tck",
        ".",
        "internal.table internal.feed internal.maintenance internal.record internal.stored"
            + " internal.update",
        "internal.fixture",
        "harness faults architecture");
  }
}
