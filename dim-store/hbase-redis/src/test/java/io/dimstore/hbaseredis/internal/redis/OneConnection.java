// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import io.dimstore.hbaseredis.internal.common.Meter;
import io.dimstore.hbaseredis.internal.options.HBaseRedisOptions;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption;
import io.dimstore.stack.relay.Relay;
import java.util.HashMap;
import java.util.Map;

/**
 * Connects to Redis as a store does, with one connection through a relay that the test observes.
 */
public final class OneConnection {

  private OneConnection() {}

  public static RedisServers through(Relay relay, Map<String, String> further) {
    Map<String, String> options = new HashMap<>(further);
    options.put("redis.host", "localhost");
    options.put("redis.port", Integer.toString(relay.port()));
    options.put("redis.connections", "1");
    StoreConfig config =
        StoreConfig.parse("store", HBaseRedisOptions.all(), StoreOption.Scope.STORE, options);
    return RedisServers.open(config, new Meter(StoreMetrics.NONE));
  }
}
