// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.demo;

import io.dimstore.cli.Progress;
import io.dimstore.cli.ProjectVersion;
import io.dimstore.stack.DynamoDbEndpoint;
import io.dimstore.stack.LocalStack;
import io.dimstore.stack.StackOptions;
import io.dimstore.stack.server.ProjectHome;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hbase.HBaseConfiguration;
import org.apache.hadoop.hbase.client.Connection;
import org.apache.hadoop.hbase.client.ConnectionFactory;

/**
 * HBase with the replication endpoint in its region server, Redis and DynamoDB, and the files by
 * which commands and jobs find them.
 */
final class DemoServers implements AutoCloseable {

  private static final String OLD = "old.properties";
  private static final String NEW = "new.properties";

  private final LocalStack stack;
  private final Connection connection;

  private DemoServers(LocalStack stack, Connection connection) {
    this.stack = stack;
    this.connection = connection;
  }

  /**
   * Starts the servers. They end with this process at the latest.
   *
   * @param folder for the configuration of HBase
   */
  static DemoServers start(Path folder, Progress progress) throws IOException {
    Path jar = regionServerJar();
    Path conf = Files.createDirectories(folder.resolve("hbase-conf"));
    Configuration site = new Configuration(false);
    // The checksummed local file system keeps the end of a log in memory until a block is full.
    site.set("fs.file.impl", "org.apache.hadoop.fs.RawLocalFileSystem");
    site.set("replication.source.sleepforretries", "100");
    site.set("replication.source.maxretriesmultiplier", "5");
    try (Writer out =
        Files.newBufferedWriter(conf.resolve("hbase-site.xml"), StandardCharsets.UTF_8)) {
      site.writeXml(out);
    }
    LocalStack stack =
        LocalStack.start(
            StackOptions.of("hbase", "redis", "dynamodb")
                .withClassPath("hbase", List.of(conf, jar))
                .withProgress(line -> progress.line("servers: " + line)));
    try {
      Configuration client = HBaseConfiguration.create();
      stack.hbase().configuration().forEach(client::set);
      return new DemoServers(stack, ConnectionFactory.createConnection(client));
    } catch (IOException | RuntimeException e) {
      stack.close();
      throw e;
    }
  }

  private static Path regionServerJar() {
    Path jar =
        ProjectHome.find()
            .resolve("migration/hbase-endpoint/target")
            .resolve("migration-hbase-endpoint-" + ProjectVersion.number() + "-region-server.jar");
    if (!Files.exists(jar)) {
      throw new DemoException(
          "There is no "
              + jar
              + ": build it with mvn -q -DskipTests package -pl migration/hbase-endpoint -am");
    }
    return jar;
  }

  Connection hbase() {
    return connection;
  }

  LocalStack stack() {
    return stack;
  }

  /** Returns the options of the old store. */
  Map<String, String> old() {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("zookeeper.quorum", stack.hbase().address());
    options.put("redis.host", stack.redis().host());
    options.put("redis.port", Integer.toString(stack.redis().port()));
    // A foreign program that loses a race with a reader leaves an old entry for no longer.
    options.put("max-age", "30 s");
    // What the job writes in HBase reaches the new store by the job itself.
    options.put("replication-origin", "dimstore");
    return options;
  }

  /** Returns the options of the new store. */
  Map<String, String> target() {
    DynamoDbEndpoint dynamoDb = stack.dynamoDb();
    Map<String, String> options = new LinkedHashMap<>();
    options.put("endpoint", dynamoDb.address());
    options.put("region", dynamoDb.region());
    options.put("access-key", dynamoDb.accessKeyId());
    options.put("secret-key", dynamoDb.secretAccessKey());
    return options;
  }

  /** Writes the files that the commands read. */
  void writeFiles(Path folder) throws IOException {
    Files.writeString(folder.resolve(OLD), properties(old()));
    Files.writeString(folder.resolve(NEW), properties(target()));
    Files.writeString(
        folder.resolve(Transcript.ARGUMENTS),
        "--from hbase-redis --from-config "
            + quoted(folder.resolve(OLD))
            + "\n--to dynamodb --to-config "
            + quoted(folder.resolve(NEW))
            + "\n--dimension item\n");
  }

  private static String quoted(Path file) {
    return "\"" + file.toString().replace("\\", "\\\\") + "\"";
  }

  private static String properties(Map<String, String> options) {
    StringBuilder text = new StringBuilder();
    options.forEach((name, value) -> text.append(name).append('=').append(value).append('\n'));
    return text.toString();
  }

  /** Ends HBase and Redis, as their owner does after the migration. */
  void endOld() throws IOException {
    connection.close();
    stack.kill("hbase");
    stack.kill("redis");
  }

  @Override
  public void close() throws IOException {
    try {
      connection.close();
    } finally {
      stack.close();
    }
  }
}
