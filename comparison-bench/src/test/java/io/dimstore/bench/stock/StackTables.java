// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.stock;

import io.dimstore.stack.LocalStackExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;

/** What SQL tests of dimstore's connector on the servers of a stack share. */
final class StackTables {

  private StackTables() {}

  /** Returns the options of a store as they stand in a WITH clause, each after a comma. */
  static String options(LocalStackExtension stack, String store) {
    return options(
        store.equals("dynamodb")
            ? Map.of(
                "dynamodb.endpoint", stack.dynamoDb().address(),
                "dynamodb.region", stack.dynamoDb().region(),
                "dynamodb.access-key", stack.dynamoDb().accessKeyId(),
                "dynamodb.secret-key", stack.dynamoDb().secretAccessKey())
            : Map.of(
                "hbase-redis.zookeeper.quorum", stack.hbase().address(),
                "hbase-redis.redis.host", stack.redis().host(),
                "hbase-redis.redis.port", Integer.toString(stack.redis().port())));
  }

  /** Returns options as they stand in a WITH clause, each after a comma. */
  static String options(Map<String, String> options) {
    StringBuilder text = new StringBuilder();
    options.forEach((key, value) -> text.append(", '" + key + "' = '" + value + "'"));
    return text.toString();
  }

  /** Returns the rows of a query as text, sorted. */
  static List<String> rows(StreamTableEnvironment env, String query) throws Exception {
    List<String> rows = new ArrayList<>();
    try (CloseableIterator<Row> found = env.executeSql(query).collect()) {
      found.forEachRemaining(row -> rows.add(row.toString()));
    }
    rows.sort(null);
    return rows;
  }
}
