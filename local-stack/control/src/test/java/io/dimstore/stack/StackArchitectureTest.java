// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack;

import io.dimstore.tck.architecture.PackageLayers;
import org.junit.jupiter.api.Test;

class StackArchitectureTest {

  @Test
  void packagesUseOnlyTheLayersBelow() {
    PackageLayers.check("io.dimstore.stack", "command relay", ".", "process", "server");
  }
}
