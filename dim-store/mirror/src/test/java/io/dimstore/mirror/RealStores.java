// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror;

import io.dimstore.stack.DynamoDbEndpoint;
import io.dimstore.stack.HBaseEndpoint;
import io.dimstore.stack.RedisEndpoint;
import java.util.HashMap;
import java.util.Map;

/** Options of mirrors of the local servers. */
final class RealStores {

  private RealStores() {}

  /** Returns the options of DynamoDB as one side, with a prefix of its tables. */
  static Map<String, String> dynamoDb(String side, DynamoDbEndpoint endpoint, String tables) {
    return Map.of(
        side + ".store", "dynamodb",
        side + ".endpoint", endpoint.address(),
        side + ".region", endpoint.region(),
        side + ".access-key", endpoint.accessKeyId(),
        side + ".secret-key", endpoint.secretAccessKey(),
        side + ".table-prefix", tables);
  }

  /** Returns the options of a mirror from HBase and Redis to DynamoDB. */
  static Map<String, String> options(
      HBaseEndpoint hbase, RedisEndpoint redis, DynamoDbEndpoint dynamoDb) {
    Map<String, String> options =
        new HashMap<>(
            Map.of(
                "from.store", "hbase-redis",
                "from.zookeeper.quorum", hbase.address(),
                "from.redis.host", redis.host(),
                "from.redis.port", Integer.toString(redis.port()),
                "from.redis.slow-after", "10 s",
                // A busy machine must not fail a test.
                "deadline", "60 s",
                "other.timeout", "20 s",
                "mode.validity", "60 s",
                "mode.refresh", "50 ms"));
    options.putAll(dynamoDb("to", dynamoDb, "mirror-"));
    return options;
  }
}
