// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events;

import io.dimstore.tck.architecture.PackageLayers;
import org.junit.jupiter.api.Test;

class EventsArchitectureTest {

  @Test
  void packagesUseOnlyTheLayersBelow() {
    PackageLayers.check(
        "io.dimstore.events", ". topic", "transfer", "generate replay output", "input", "record");
  }
}
