// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.architecture;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class UsedPackagesTest {

  private static final String MEMORY = "io.dimstore.memory";

  @Test
  void packagesAndClassesCanBeAllowed() {
    UsedPackages.check(MEMORY, "io.dimstore.spi..");
    UsedPackages.check("io.dimstore.tck.faults", "io.dimstore.spi");
  }

  @Test
  void useOfAnotherPackageIsNamed() {
    assertThatThrownBy(() -> UsedPackages.check(MEMORY, "io.dimstore.spi"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("io.dimstore.spi.support.DirectCalls");
  }

  @Test
  void allowedNameWithoutAUseIsNamed() {
    assertThatThrownBy(
            () ->
                UsedPackages.check(
                    MEMORY, "io.dimstore.spi..", "io.dimstore.spi.support.BlockingCalls"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("[io.dimstore.spi.support.BlockingCalls]");
  }
}
