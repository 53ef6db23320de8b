// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.lookup.arm;

import io.dimstore.bench.subject.BenchException;
import io.dimstore.stack.DynamoDbEndpoint;
import io.dimstore.stack.HBaseEndpoint;
import java.net.URI;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where the arms reach the servers. A server that no arm of the run needs is null, or port 0.
 *
 * @param dynamoDbAddress the address of DynamoDB, which may be that of a relay before it
 * @param memoryInstance which tables of the store memory are those of this run
 */
public record LookupServers(
    @Nullable HBaseEndpoint hbase,
    String redisHost,
    int redisPort,
    @Nullable DynamoDbEndpoint dynamoDb,
    @Nullable URI dynamoDbAddress,
    String memoryInstance) {

  /** Returns where HBase is. */
  public HBaseEndpoint requireHBase() {
    return required(hbase, "HBase");
  }

  DynamoDbEndpoint requireDynamoDb() {
    return required(dynamoDb, "DynamoDB");
  }

  URI requireDynamoDbAddress() {
    return required(dynamoDbAddress, "DynamoDB");
  }

  private static <T> T required(@Nullable T value, String server) {
    if (value == null) {
      throw new BenchException("This run has no " + server);
    }
    return value;
  }

  /** Returns the options with which a store of dimstore reaches its servers, without prefix. */
  public Map<String, String> options(String store) {
    Map<String, String> options = new TreeMap<>();
    switch (store) {
      case "hbase-redis" -> {
        options.put("zookeeper.quorum", requireHBase().address());
        options.put("redis.host", redisHost);
        options.put("redis.port", Integer.toString(redisPort));
      }
      case "dynamodb" -> {
        DynamoDbEndpoint endpoint = requireDynamoDb();
        options.put("endpoint", requireDynamoDbAddress().toString());
        options.put("region", endpoint.region());
        options.put("access-key", endpoint.accessKeyId());
        options.put("secret-key", endpoint.secretAccessKey());
      }
      case "memory" -> options.put("instance", memoryInstance);
      default -> throw new IllegalArgumentException(store);
    }
    return options;
  }
}
