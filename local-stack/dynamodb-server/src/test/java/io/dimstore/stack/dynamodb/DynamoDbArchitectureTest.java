// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.dynamodb;

import io.dimstore.tck.architecture.PackageLayers;
import org.junit.jupiter.api.Test;

class DynamoDbArchitectureTest {

  @Test
  void packagesUseOnlyTheLayersBelow() {
    PackageLayers.check("io.dimstore.stack.dynamodb", ".", "policy", "model program", "http");
  }
}
