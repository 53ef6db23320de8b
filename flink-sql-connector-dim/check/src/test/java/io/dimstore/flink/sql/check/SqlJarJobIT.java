// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.sql.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.stack.DynamoDbEndpoint;
import io.dimstore.stack.LocalStackExtension;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Starts a Flink whose class path has nothing of dimstore, adds both SQL jars to a session, writes
 * a row to each store and looks both up. Flink loads the jars in child-first class loaders.
 */
class SqlJarJobIT {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with("dynamodb", "hbase", "redis");

  @TempDir Path folder;

  @Test
  void rowsOfBothStoresAreWrittenAndFound() throws Exception {
    assertThat(flinkClassPath()).noneMatch(entry -> entry.contains("io/dimstore/"));
    DynamoDbEndpoint dynamoDb = stack.dynamoDb();
    String script =
        """
        ADD JAR '%s';
        ADD JAR '%s';
        CREATE TABLE users (user_id STRING, country STRING, PRIMARY KEY (user_id) NOT ENFORCED) WITH (
          'connector' = 'dim', 'store' = 'dynamodb', 'table' = 'sql_jar_user', 'version' = 'arrival',
          'dynamodb.endpoint' = '%s', 'dynamodb.region' = '%s', 'dynamodb.deadline' = '60 s',
          'dynamodb.access-key' = '%s', 'dynamodb.secret-key' = '%s');
        CREATE TABLE items (item_id STRING, title STRING, PRIMARY KEY (item_id) NOT ENFORCED) WITH (
          'connector' = 'dim', 'store' = 'hbase-redis', 'table' = 'sql_jar_item', 'version' = 'arrival',
          'hbase-redis.zookeeper.quorum' = '%s', 'hbase-redis.deadline' = '60 s',
          'hbase-redis.redis.host' = '%s', 'hbase-redis.redis.port' = '%d');
        CREATE TEMPORARY VIEW events AS
          SELECT user_id, item_id, PROCTIME() AS looked_up FROM (VALUES ('u1', 'i1')) AS e (user_id, item_id);
        INSERT INTO users VALUES ('u1', 'Iceland');
        INSERT INTO items VALUES ('i1', 'Lantern');
        SELECT e.user_id, u.country, i.title FROM events AS e
          JOIN users FOR SYSTEM_TIME AS OF e.looked_up AS u ON u.user_id = e.user_id
          JOIN items FOR SYSTEM_TIME AS OF e.looked_up AS i ON i.item_id = e.item_id;
        """
            .formatted(
                SqlJars.DYNAMODB,
                SqlJars.HBASE_REDIS,
                dynamoDb.address(),
                dynamoDb.region(),
                dynamoDb.accessKeyId(),
                dynamoDb.secretAccessKey(),
                stack.hbase().address(),
                stack.redis().host(),
                stack.redis().port());
    Path statements = Files.writeString(folder.resolve("statements.sql"), script);

    assertThat(run(statements)).containsPattern("u1 .*Iceland .*Lantern ");
  }

  private String run(Path statements) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.add("-Xmx768m");
    command.addAll(Arrays.asList(System.getProperty("jvm.opens").strip().split(" +", -1)));
    command.add("-classpath");
    command.add(String.join(File.pathSeparator, flinkClassPath()));
    command.add(SqlScriptMain.class.getName());
    command.add(statements.toString());
    Path output = folder.resolve("output.txt");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      int exit = process.waitFor();
      String text = Files.readString(output);
      assertThat(exit).as(text).isZero();
      return text;
    } finally {
      process.destroyForcibly();
    }
  }

  private static List<String> flinkClassPath() throws Exception {
    List<String> entries = new ArrayList<>();
    entries.add(
        Path.of(SqlScriptMain.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .toString());
    String written = Files.readString(Path.of("target/flink-classpath")).strip();
    entries.addAll(Arrays.asList(written.split(File.pathSeparator, -1)));
    return entries;
  }
}
