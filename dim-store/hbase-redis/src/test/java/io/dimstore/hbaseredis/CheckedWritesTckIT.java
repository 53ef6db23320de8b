// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis;

import io.dimstore.hbaseredis.fixture.HBaseRedisHarness;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.tck.WriteTck;
import io.dimstore.tck.harness.StoreHarness;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The rules about writes also hold with {@code checked-writes}. */
class CheckedWritesTckIT extends WriteTck {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with("hbase", "redis");

  @Override
  protected StoreHarness harness() {
    Map<String, String> options = new HashMap<>();
    options.put("redis.host", stack.redis().host());
    options.put("redis.port", Integer.toString(stack.redis().port()));
    options.put("checked-writes", "true");
    return new HBaseRedisHarness(stack.hbase(), options);
  }
}
