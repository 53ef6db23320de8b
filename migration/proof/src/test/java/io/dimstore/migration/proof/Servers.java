// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.proof;

import io.dimstore.stack.dynamodb.program.Dynoxide;
import io.dimstore.stack.dynamodb.program.NativeServer;
import io.dimstore.stack.process.GroupProcess;
import io.dimstore.stack.process.ServerGroup;
import io.dimstore.stack.relay.Relay;
import java.io.IOException;
import java.io.Writer;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/**
 * HBase, Redis and DynamoDB, each behind a relay, which survive being killed: HBase and DynamoDB
 * with their data, Redis empty, as a cache does. HBase has the replication endpoint.
 */
final class Servers implements AutoCloseable {

  private static final String LISTENS = "127.0.0.1";
  private static final String ADVERTISES = "127.0.0.2";
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final ServerGroup group = ServerGroup.create();
  private final List<Path> hbaseClassPath;
  private final int zooKeeper = group.freePort();
  private final int master = group.freePort();
  private final int regionServer = group.freePort();
  private final int redisPort = group.freePort();
  private final int dynamoDbPort = group.freePort();
  private final List<Relay> hbaseRelays = new ArrayList<>();
  private final Relay redisRelay = Relay.to(redisPort);
  private final Relay dynamoDbRelay = Relay.to(dynamoDbPort);
  private int started;
  private GroupProcess hbase;
  private GroupProcess redis;
  private Child dynamoDb;

  /**
   * Starts all of them.
   *
   * @param planted folders with classes that are loaded in place of those of the endpoint
   */
  Servers(List<Path> planted) throws Exception {
    List<Path> path = new ArrayList<>(planted);
    path.add(site());
    path.add(endpoint());
    hbaseClassPath = List.copyOf(path);
    for (int port : List.of(regionServer, master)) {
      hbaseRelays.add(
          Relay.between(
              new InetSocketAddress(ADVERTISES, port), new InetSocketAddress(LISTENS, port)));
    }
    startRedis();
    startDynamoDb();
    startHBase();
  }

  private Path site() throws IOException {
    Path conf = Files.createDirectories(group.folder().resolve("conf"));
    Configuration site = new Configuration(false);
    // The checksummed local file system keeps the end of a log in memory until a block is full.
    site.set("fs.file.impl", "org.apache.hadoop.fs.RawLocalFileSystem");
    site.set("hbase.zookeeper.property.tickTime", "500");
    site.set("zookeeper.session.timeout", "10000");
    site.set("replication.source.sleepforretries", "20");
    site.set("replication.source.maxretriesmultiplier", "5");
    site.set("replication.sleep.before.failover", "200");
    try (Writer out = Files.newBufferedWriter(conf.resolve("hbase-site.xml"))) {
      site.writeXml(out);
    }
    return conf;
  }

  private static Path endpoint() throws IOException {
    Path target =
        Path.of(System.getProperty("dimstore.home"), "migration", "hbase-endpoint", "target");
    try (Stream<Path> files = Files.list(target)) {
      return files
          .filter(file -> file.toString().endsWith("-region-server.jar"))
          .findFirst()
          .orElseThrow(
              () -> new IOException("Build migration/hbase-endpoint: its jar is not in " + target));
    }
  }

  private void startHBase() throws IOException {
    Path folder = group.folder().resolve("hbase-data");
    Path ready = folder.resolve("ready");
    Files.deleteIfExists(ready);
    hbase =
        group.java(
            "hbase",
            "hbase-" + started++,
            hbaseClassPath,
            List.of(),
            "io.dimstore.stack.hbase.HBaseServerMain",
            List.of(
                folder.toString(),
                Integer.toString(zooKeeper),
                Integer.toString(master),
                Integer.toString(regionServer),
                ADVERTISES));
    hbase.await(ready);
  }

  private void startRedis() throws Exception {
    redis =
        group.binary(
            "redis",
            "redis-" + started++,
            List.of(
                "--port",
                Integer.toString(redisPort),
                "--bind",
                LISTENS,
                "--save",
                "",
                "--appendonly",
                "no"));
    Signal.await("Redis listens", PATIENCE, () -> listens(redisPort));
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket(LISTENS, port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private void startDynamoDb() throws Exception {
    dynamoDb =
        Child.start(
            group.folder().resolve("dynamodb.log"),
            List.of(
                Dynoxide.fetch(System.err::println).toString(),
                "--host",
                LISTENS,
                "--port",
                Integer.toString(dynamoDbPort),
                "--db-path",
                group.folder().resolve("dynamodb.db").toString()));
    URI address = URI.create("http://" + LISTENS + ":" + dynamoDbPort);
    Signal.await(
        "DynamoDB answers",
        PATIENCE,
        () -> {
          try {
            NativeServer.requireAnswer(address, 5_000);
            return true;
          } catch (IOException e) {
            return false;
          }
        });
  }

  String quorum() {
    return "localhost:" + zooKeeper;
  }

  int redisPort() {
    return redisRelay.port();
  }

  String dynamoDbAddress() {
    return "http://" + LISTENS + ":" + dynamoDbRelay.port();
  }

  Path hbaseLog() {
    return hbase.log();
  }

  /** Carries out a fault of a server, and returns when the server is as before. */
  void fail(Fault fault) throws Exception {
    long pid =
        switch (fault.victim()) {
          case HBASE -> hbase.pid();
          case REDIS -> redis.pid();
          default -> dynamoDb.pid();
        };
    List<Relay> relays =
        switch (fault.victim()) {
          case HBASE -> hbaseRelays;
          case REDIS -> List.of(redisRelay);
          default -> List.of(dynamoDbRelay);
        };
    switch (fault.kind()) {
      case KILL -> restart(fault);
      case PAUSE -> {
        Child.signal(pid, "STOP");
        Thread.sleep(fault.millis());
        Child.signal(pid, "CONT");
      }
      case SLOW -> {
        relays.forEach(relay -> relay.delay(Duration.ofMillis(5 + fault.millis() / 50)));
        Thread.sleep(fault.millis());
        relays.forEach(Relay::heal);
      }
      case CUT -> relays.forEach(Relay::cut);
      case REPLACE -> throw new IllegalArgumentException(fault.toString());
    }
  }

  private void restart(Fault fault) throws Exception {
    switch (fault.victim()) {
      case HBASE -> {
        hbase.kill();
        startHBase();
      }
      case REDIS -> {
        redis.kill();
        Thread.sleep(fault.millis() / 2);
        startRedis();
      }
      default -> {
        dynamoDb.kill();
        Thread.sleep(fault.millis() / 2);
        startDynamoDb();
      }
    }
  }

  @Override
  public void close() {
    dynamoDb.kill();
    hbaseRelays.forEach(Relay::close);
    redisRelay.close();
    dynamoDbRelay.close();
    group.close();
  }
}
