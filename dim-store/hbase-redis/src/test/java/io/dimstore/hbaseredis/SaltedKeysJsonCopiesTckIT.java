package io.dimstore.hbaseredis;

import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.Server;
import io.dimstore.tck.DimensionStoreTck;
import io.dimstore.tck.StoreHarness;
import java.util.Map;
import org.junit.jupiter.api.extension.RegisterExtension;

/** All rules once more, with row keys spread by a salt and copies that people can read. */
class SaltedKeysJsonCopiesTckIT extends DimensionStoreTck {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with(Server.HBASE, Server.REDIS);

  @Override
  protected StoreHarness harness() {
    return new OtherForms(
        new HBaseRedisHarness(stack.hbase(), stack.redis()),
        Map.of(
            "key-codec", "salted",
            "key-codec.size", "16",
            "redis.format", "json",
            "redis.key", "kit:{table}:{key}"));
  }
}
