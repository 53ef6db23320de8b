package io.dimstore.hbaseredis;

import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.Server;
import io.dimstore.tck.DimensionStoreTck;
import io.dimstore.tck.StoreHarness;
import org.junit.jupiter.api.extension.RegisterExtension;

class HBaseRedisStoreTckIT extends DimensionStoreTck {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with(Server.REDIS);

  @Override
  protected StoreHarness harness() {
    return new RelayedHarness(stack.redis());
  }
}
