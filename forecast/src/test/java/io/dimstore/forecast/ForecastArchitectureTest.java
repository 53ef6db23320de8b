// SPDX-License-Identifier: Apache-2.0
package io.dimstore.forecast;

import io.dimstore.tck.architecture.UsedPackages;
import org.junit.jupiter.api.Test;

class ForecastArchitectureTest {

  /**
   * Among others, this forbids the packages of the store {@code dynamodb}, whose items are sized
   * through the contract.
   */
  @Test
  void onlyCommandLineJobsAndContractAreUsed() {
    UsedPackages.check(
        "io.dimstore.forecast", "io.dimstore.cli..", "io.dimstore.jobs..", "io.dimstore.spi..");
  }
}
