// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal;

import io.dimstore.dynamodb.DynamoDbHarness;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.tck.DimensionStoreTck;
import io.dimstore.tck.harness.StoreHarness;
import org.junit.jupiter.api.extension.RegisterExtension;

class DynamoDbStoreTckIT extends DimensionStoreTck {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("dynamodb");

  @Override
  protected StoreHarness harness() {
    return new DynamoDbHarness(stack);
  }
}
