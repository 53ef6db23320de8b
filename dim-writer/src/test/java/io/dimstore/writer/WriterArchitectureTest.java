// SPDX-License-Identifier: Apache-2.0
package io.dimstore.writer;

import io.dimstore.tck.architecture.UsedPackages;
import org.junit.jupiter.api.Test;

class WriterArchitectureTest {

  /** Among others, this forbids the packages of stores: a store is found by its name. */
  @Test
  void onlyCommandLineJobsAndContractAreUsed() {
    UsedPackages.check(
        "io.dimstore.writer", "io.dimstore.cli..", "io.dimstore.jobs..", "io.dimstore.spi..");
  }
}
