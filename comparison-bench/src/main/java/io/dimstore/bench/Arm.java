package io.dimstore.bench;

import io.dimstore.stack.LocalStack;
import io.dimstore.stack.Server;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The paths that can be compared. */
enum Arm {
  /** The floor: what the job costs when lookups leave the process never. */
  MEMORY("memory", "dimensions in the job's own memory: the floor", EnumSet.noneOf(Server.class)),
  /** The legacy path. */
  HBASE_REDIS(
      "hbase-redis",
      "HBase holds the truth, Redis a guarded copy",
      EnumSet.of(Server.HBASE, Server.REDIS)),
  /** The serverless path. */
  DYNAMODB("dynamodb", "one DynamoDB table per dimension", EnumSet.of(Server.DYNAMODB)),
  /** A baseline: what Flink itself ships, over the table that the legacy path writes. */
  STOCK_HBASE(
      "hbase-redis",
      "baseline: Flink's own hbase-2.2 connector, async, over the HBase table of the legacy path",
      EnumSet.of(Server.HBASE, Server.REDIS));

  private static final String STOCK_ONLINE = "stock_online_";

  private final String store;
  private final String description;
  private final Set<Server> servers;

  Arm(String store, String description, Set<Server> servers) {
    this.store = store;
    this.description = description;
    this.servers = servers;
  }

  String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  String store() {
    return store;
  }

  String description() {
    return description;
  }

  /** The servers that this arm needs beside Kafka. */
  Set<Server> servers() {
    return servers;
  }

  /** Whether its requests are counted by the connector; else the region servers are asked. */
  boolean countsItsRequests() {
    return this != STOCK_HBASE;
  }

  /** Options of the store, without prefix. */
  Map<String, String> storeOptions(LocalStack stack) {
    return switch (this) {
      case MEMORY -> Map.of();
      case HBASE_REDIS, STOCK_HBASE ->
          ordered(
              "zookeeper.quorum", stack.hbase().address(),
              "redis.host", stack.redis().host(),
              "redis.port", Integer.toString(stack.redis().port()));
      case DYNAMODB ->
          ordered(
              "endpoint", stack.dynamoDb().uri().toString(),
              "region", stack.dynamoDb().region(),
              "access-key", stack.dynamoDb().accessKeyId(),
              "secret-key", stack.dynamoDb().secretAccessKey());
    };
  }

  /** Table options of an arm that does not go through its store; empty for the others. */
  Map<String, Map<String, String>> tables(LocalStack stack) {
    if (this != STOCK_HBASE) {
      return Map.of();
    }
    Map<String, Map<String, String>> tables = new LinkedHashMap<>();
    for (String dimension : new String[] {"dim_user", "dim_item"}) {
      Map<String, String> options = stockTable(stack, dimension);
      options.put("lookup.async", "true");
      tables.put(dimension, options);
    }
    for (String feature : new String[] {"risk", "marketing"}) {
      Map<String, String> options = stockTable(stack, STOCK_ONLINE + feature);
      options.put("sink.buffer-flush.interval", "1s");
      tables.put("online_" + feature, options);
    }
    return tables;
  }

  /** HBase tables that have to be there before the arm's job starts. */
  Set<String> tablesToCreate() {
    return this == STOCK_HBASE
        ? Set.of(STOCK_ONLINE + "risk", STOCK_ONLINE + "marketing")
        : Set.of();
  }

  private static Map<String, String> stockTable(LocalStack stack, String table) {
    return ordered(
        "connector", "hbase-2.2", "table-name", table, "zookeeper.quorum", stack.hbase().address());
  }

  private static Map<String, String> ordered(String... pairs) {
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put(pairs[i], pairs[i + 1]);
    }
    return map;
  }
}
