package io.dimstore.bench.store;

import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.stack.DynamoDbEndpoint;
import io.dimstore.stack.HBaseEndpoint;
import io.dimstore.stack.RedisEndpoint;
import java.time.InstantSource;
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
    return DimensionStores.open(
        "hbase-redis",
        Map.of(
            "zookeeper.quorum",
            hbase.address(),
            "redis.host",
            redis.host(),
            "redis.port",
            Integer.toString(redis.port()),
            "redis.connections",
            Integer.toString(redisConnections),
            "max-age",
            "1 d",
            "lease",
            "1 min",
            "redis.timeout",
            "20 s",
            "deadline",
            "60 s"),
        metrics,
        InstantSource.system());
  }
}
