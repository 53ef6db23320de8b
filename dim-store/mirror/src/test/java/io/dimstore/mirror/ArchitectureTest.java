// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror;

import io.dimstore.tck.architecture.PackageLayers;
import io.dimstore.tck.architecture.StoreArchitecture;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  @Test
  void onlyTheFactoryAndWhatToolsControlArePublic() {
    StoreArchitecture.onlyFactoryIsPublic(
        "io.dimstore.mirror",
        "ChangeCarriers",
        "Coverage",
        "Intents",
        "KnownMode",
        "MirrorMode",
        "ModeRecords",
        "ShadowCounts",
        "ShadowWindows");
  }

  @Test
  void packagesUseOnlyTheLayersBelow() {
    PackageLayers.check("io.dimstore.mirror", ".", "internal", "control");
  }
}
