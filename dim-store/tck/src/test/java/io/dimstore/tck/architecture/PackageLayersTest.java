// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.architecture;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PackageLayersTest {

  private static final String SPI = "io.dimstore.spi";

  @Test
  void useOfALowerLayerIsAllowed() {
    PackageLayers.check(SPI, "support.ordered", "support", ".");
  }

  @Test
  void useOfAnUpperLayerIsNamed() {
    assertThatThrownBy(() -> PackageLayers.check(SPI, ".", "support.ordered", "support"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("io.dimstore.spi.support.Admission");
  }

  @Test
  void useOfTheOwnLayerIsNamed() {
    assertThatThrownBy(() -> PackageLayers.check(SPI, "support.ordered", ". support"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("io.dimstore.spi.support.Admission");
  }

  @Test
  void packageWithoutALayerIsNamed() {
    assertThatThrownBy(() -> PackageLayers.check(SPI, "."))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("io.dimstore.spi.support");
  }
}
