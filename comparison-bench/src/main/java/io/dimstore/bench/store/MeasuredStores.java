package io.dimstore.bench.store;

import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.stack.DynamoDbEndpoint;
import io.dimstore.stack.HBaseEndpoint;
import io.dimstore.stack.RedisEndpoint;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/**
 * The stores as they are measured on a local stack: no entry or lease ends, and no busy machine is
 * taken for a fault, meanwhile. All else is as by default.
 */
final class MeasuredStores {

  private MeasuredStores() {}

  /** The store {@code dynamodb}. */
  static DimensionStore dynamoDb(DynamoDbEndpoint endpoint, StoreMetrics metrics) {
    return DimensionStores.open(
        "dynamodb",
        Map.of(
            "endpoint",
            endpoint.address(),
            "region",
            endpoint.region(),
            "access-key",
            endpoint.accessKeyId(),
            "secret-key",
            endpoint.secretAccessKey(),
            "attempt-timeout",
            "20 s",
            "deadline",
            "60 s"),
        metrics,
        InstantSource.system());
  }

  /**
   * The store {@code hbase-redis}.
   *
   * @param redisConnections as many as the plain client has
   */
  static DimensionStore hbaseRedis(
      HBaseEndpoint hbase, RedisEndpoint redis, int redisConnections, StoreMetrics metrics) {
    Map<String, String> options = options(hbase, redis.port(), redisConnections);
    options.put("redis.host", redis.host());
    options.put("redis.timeout", "20 s");
    options.put("redis.slow-after", "20 s");
    return open(options, metrics);
  }

  /** The same with a Redis of this machine whose faults count. */
  static DimensionStore hbaseRedis(
      HBaseEndpoint hbase,
      int redisPort,
      int redisConnections,
      Duration redisTimeout,
      StoreMetrics metrics) {
    Map<String, String> options = options(hbase, redisPort, redisConnections);
    options.put("redis.host", "127.0.0.1");
    options.put("redis.timeout", redisTimeout.toMillis() + " ms");
    return open(options, metrics);
  }

  private static Map<String, String> options(
      HBaseEndpoint hbase, int redisPort, int redisConnections) {
    Map<String, String> options = new HashMap<>();
    options.put("zookeeper.quorum", hbase.address());
    options.put("redis.port", Integer.toString(redisPort));
    options.put("redis.connections", Integer.toString(redisConnections));
    options.put("max-age", "1 d");
    options.put("lease", "1 min");
    options.put("deadline", "60 s");
    return options;
  }

  private static DimensionStore open(Map<String, String> options, StoreMetrics metrics) {
    return DimensionStores.open("hbase-redis", options, metrics, InstantSource.system());
  }
}
