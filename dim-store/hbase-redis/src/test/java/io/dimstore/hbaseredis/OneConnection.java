package io.dimstore.hbaseredis;

import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption;
import io.dimstore.stack.relay.Relay;
import java.util.HashMap;
import java.util.Map;

/** Redis as a store reaches it, by one connection that a test listens to. */
final class OneConnection {

  private OneConnection() {}

  static RedisServers through(Relay relay, Map<String, String> further) {
    Map<String, String> options = new HashMap<>(further);
    options.put("redis.host", "localhost");
    options.put("redis.port", Integer.toString(relay.port()));
    options.put("redis.connections", "1");
    StoreConfig config =
        StoreConfig.parse("store", HBaseRedisOptions.all(), StoreOption.Scope.STORE, options);
    return RedisServers.open(config, new Meter(StoreMetrics.NONE));
  }
}
