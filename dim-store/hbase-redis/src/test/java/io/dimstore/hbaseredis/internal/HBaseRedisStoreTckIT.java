// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal;

import io.dimstore.hbaseredis.fixture.RelayedHarness;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.tck.DimensionStoreTck;
import io.dimstore.tck.harness.StoreHarness;
import org.junit.jupiter.api.extension.RegisterExtension;

class HBaseRedisStoreTckIT extends DimensionStoreTck {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("redis");

  @Override
  protected StoreHarness harness() {
    return new RelayedHarness(stack.redis());
  }
}
