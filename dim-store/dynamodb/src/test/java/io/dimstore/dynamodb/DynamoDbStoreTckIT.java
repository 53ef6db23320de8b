package io.dimstore.dynamodb;

import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.Server;
import io.dimstore.tck.DimensionStoreTck;
import io.dimstore.tck.StoreHarness;
import org.junit.jupiter.api.extension.RegisterExtension;

class DynamoDbStoreTckIT extends DimensionStoreTck {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with(Server.DYNAMODB);

  @Override
  protected StoreHarness harness() {
    return new DynamoDbHarness(stack);
  }
}
