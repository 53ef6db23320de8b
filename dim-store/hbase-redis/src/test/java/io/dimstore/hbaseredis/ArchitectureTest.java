// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis;

import io.dimstore.tck.architecture.PackageLayers;
import io.dimstore.tck.architecture.StoreArchitecture;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  @Test
  void onlyTheFactoryIsPublicOutsideOfInternalPackages() {
    StoreArchitecture.onlyFactoryIsPublic("io.dimstore.hbaseredis");
  }

  @Test
  void packagesUseOnlyTheLayersBelow() {
    PackageLayers.check(
        "io.dimstore.hbaseredis",
        ".",
        "internal",
        "internal.read internal.write internal.repair",
        "internal.table internal.entry",
        "internal.hbase internal.redis",
        "internal.breaker",
        "internal.script",
        "internal.encoding internal.common",
        "internal.options");
  }
}
