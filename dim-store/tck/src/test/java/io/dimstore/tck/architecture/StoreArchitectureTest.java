// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.architecture;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class StoreArchitectureTest {

  private static final String MEMORY = "io.dimstore.memory";

  @Test
  void onlyFactoryAndInstancesOfTheMemoryStoreArePublic() {
    StoreArchitecture.onlyFactoryIsPublic(MEMORY, "MemoryStores");
  }

  @Test
  void aPublicClassBesidesTheFactoryIsNamed() {
    assertThatThrownBy(() -> StoreArchitecture.onlyFactoryIsPublic(MEMORY))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("MemoryStores");
  }

  @Test
  void aPackageWithoutAStoreIsRefused() {
    assertThatThrownBy(() -> StoreArchitecture.onlyFactoryIsPublic("io.dimstore.nowhere"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("io.dimstore.nowhere");
  }
}
