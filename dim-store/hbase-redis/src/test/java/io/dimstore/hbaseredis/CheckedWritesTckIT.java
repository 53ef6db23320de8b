package io.dimstore.hbaseredis;

import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.Server;
import io.dimstore.tck.DimensionStoreTck;
import io.dimstore.tck.StoreHarness;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The rules hold alike when each row is written under a condition. */
class CheckedWritesTckIT extends DimensionStoreTck {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with(Server.HBASE, Server.REDIS);

  @Override
  protected StoreHarness harness() {
    Map<String, String> options = new HashMap<>();
    options.put("redis.host", stack.redis().host());
    options.put("redis.port", Integer.toString(stack.redis().port()));
    options.put("checked-writes", "true");
    return new HBaseRedisHarness(stack.hbase(), options);
  }
}
