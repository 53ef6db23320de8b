// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.sql.check;

import io.dimstore.stack.DynamoDbEndpoint;
import io.dimstore.stack.LocalStackExtension;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Statements that write a row to a table of each store, and that look both rows up in one join. */
final class Statements {

  /** What the query finds, as a line of a printed table. */
  static final Pattern PRINTED = Pattern.compile("u1 .*Iceland .*Lantern ");

  /** What the query finds, as the values of a row. */
  static final List<String> ROW = List.of("u1", "Iceland", "Lantern");

  private Statements() {}

  /** Returns statements that add both SQL jars to the session. */
  static List<String> addJars() {
    return SqlJars.ALL.stream().map(jar -> "ADD JAR '" + jar + "'").toList();
  }

  /**
   * Returns the statements of one session. The last one is the query.
   *
   * @param first what has to run before the tables are declared
   * @param table a part of the names of the stored tables, so that each test has its own
   */
  static List<String> of(List<String> first, LocalStackExtension stack, String table) {
    DynamoDbEndpoint dynamoDb = stack.dynamoDb();
    List<String> statements = new ArrayList<>(first);
    statements.add(
        """
        CREATE TABLE users (user_id STRING, country STRING, PRIMARY KEY (user_id) NOT ENFORCED) WITH (
          'connector' = 'dim', 'store' = 'dynamodb', 'table' = '%s_user', 'version' = 'arrival',
          'dynamodb.endpoint' = '%s', 'dynamodb.region' = '%s', 'dynamodb.deadline' = '60 s',
          'dynamodb.access-key' = '%s', 'dynamodb.secret-key' = '%s')"""
            .formatted(
                table,
                dynamoDb.address(),
                dynamoDb.region(),
                dynamoDb.accessKeyId(),
                dynamoDb.secretAccessKey()));
    statements.add(
        """
        CREATE TABLE items (item_id STRING, title STRING, PRIMARY KEY (item_id) NOT ENFORCED) WITH (
          'connector' = 'dim', 'store' = 'hbase-redis', 'table' = '%s_item', 'version' = 'arrival',
          'hbase-redis.zookeeper.quorum' = '%s', 'hbase-redis.deadline' = '60 s',
          'hbase-redis.redis.host' = '%s', 'hbase-redis.redis.port' = '%d')"""
            .formatted(table, stack.hbase().address(), stack.redis().host(), stack.redis().port()));
    statements.add(
        """
        CREATE TEMPORARY VIEW events AS
          SELECT user_id, item_id, PROCTIME() AS looked_up FROM (VALUES ('u1', 'i1')) AS e (user_id, item_id)""");
    statements.add("INSERT INTO users VALUES ('u1', 'Iceland')");
    statements.add("INSERT INTO items VALUES ('i1', 'Lantern')");
    statements.add(
        """
        SELECT e.user_id, u.country, i.title FROM events AS e
          JOIN users FOR SYSTEM_TIME AS OF e.looked_up AS u ON u.user_id = e.user_id
          JOIN items FOR SYSTEM_TIME AS OF e.looked_up AS i ON i.item_id = e.item_id""");
    return statements;
  }

  /** Returns the statements as a script, with a line that ends with ';' at the end of each. */
  static String script(List<String> statements) {
    return String.join(";\n", statements) + ";\n";
  }

  /** Returns the options of a command line for both SQL jars, such as {@code --jar}. */
  static List<String> options(String option) {
    List<String> options = new ArrayList<>();
    for (Path jar : SqlJars.ALL) {
      options.add(option);
      options.add(jar.toString());
    }
    return options;
  }
}
