// SPDX-License-Identifier: Apache-2.0
package io.dimstore.docker;

import com.redis.testcontainers.RedisContainer;
import java.util.Map;
import org.testcontainers.containers.GenericContainer;

/** Returns the options with which the stores reach running containers. */
final class Stores {

  private Stores() {}

  static Map<String, String> hbaseRedis(GenericContainer<?> hbase, RedisContainer redis) {
    return Map.of(
        "zookeeper.quorum",
        hbase.getHost() + ":" + hbase.getMappedPort(Images.ZOOKEEPER_PORT),
        "redis.host",
        redis.getRedisHost(),
        "redis.port",
        Integer.toString(redis.getRedisPort()),
        // A busy machine must not count as a failure of the store.
        "deadline",
        "60 s");
  }

  static Map<String, String> dynamoDb(GenericContainer<?> dynamoDb) {
    return Map.of(
        "endpoint",
        "http://" + dynamoDb.getHost() + ":" + dynamoDb.getMappedPort(Images.DYNAMODB_PORT),
        "region",
        "us-east-1",
        "access-key",
        "local",
        "secret-key",
        "local",
        "deadline",
        "60 s",
        "attempt-timeout",
        "20 s");
  }
}
