// SPDX-License-Identifier: Apache-2.0
package io.dimstore.h2;

import io.dimstore.tck.architecture.StoreArchitecture;
import org.junit.jupiter.api.Test;

class H2ArchitectureTest {

  @Test
  void onlyTheFactoryIsPublic() {
    StoreArchitecture.onlyFactoryIsPublic("io.dimstore.h2");
  }
}
