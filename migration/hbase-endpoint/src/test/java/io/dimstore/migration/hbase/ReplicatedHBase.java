// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import io.dimstore.stack.GroupProcess;
import io.dimstore.stack.HBaseEndpoint;
import io.dimstore.stack.ServerGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hbase.HBaseConfiguration;

/** An HBase in one process, with the endpoint's jar on the class path of its region server. */
final class ReplicatedHBase implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ServerGroup group = ServerGroup.create();
  private final Path conf;
  private final Path folder;
  private final int port;
  private final int masterPort;
  private final int serverPort;
  private GroupProcess process;
  private int starts;

  private ReplicatedHBase() {
    this.conf = group.folder().resolve("conf");
    this.folder = group.folder().resolve("data-of-hbase");
    this.port = group.freePort();
    this.masterPort = group.freePort();
    this.serverPort = group.freePort();
  }

  static ReplicatedHBase start() {
    ReplicatedHBase hbase = new ReplicatedHBase();
    try {
      Configuration site = new Configuration(false);
      // The checksummed local file system keeps the end of a log in memory until a block is full.
      site.set("fs.file.impl", "org.apache.hadoop.fs.RawLocalFileSystem");
      site.set("hbase.zookeeper.property.tickTime", "500");
      site.set("zookeeper.session.timeout", "10000");
      site.set("replication.source.sleepforretries", "20");
      site.set("replication.source.maxretriesmultiplier", "5");
      site.set("replication.sleep.before.failover", "200");
      Files.createDirectories(hbase.conf);
      Files.createDirectories(hbase.folder);
      try (Writer out =
          Files.newBufferedWriter(hbase.conf.resolve("hbase-site.xml"), StandardCharsets.UTF_8)) {
        site.writeXml(out);
      }
      hbase.restart();
      return hbase;
    } catch (IOException | RuntimeException | Error e) {
      hbase.close();
      throw e instanceof IOException io ? new UncheckedIOException(io) : (RuntimeException) e;
    }
  }

  /** Starts it, again after {@link #kill}, with the data on disk. */
  void restart() throws IOException {
    Path ready = folder.resolve("ready");
    Files.deleteIfExists(ready);
    process =
        group.java(
            "hbase",
            "hbase-" + starts++,
            List.of(conf, jar(), Path.of("target", "test-classes").toAbsolutePath()),
            List.of(),
            "io.dimstore.stack.hbase.HBaseServerMain",
            List.of(
                folder.toString(),
                Integer.toString(port),
                Integer.toString(masterPort),
                Integer.toString(serverPort)));
    await(
        "HBase",
        () -> {
          if (!process.isAlive()) {
            throw new IOException("HBase has ended: " + log());
          }
          return Files.exists(ready);
        });
  }

  void kill() {
    process.kill();
  }

  String log() throws IOException {
    return Files.readString(process.log());
  }

  Configuration configuration() {
    Configuration configuration = HBaseConfiguration.create();
    Map<String, String> address = new HBaseEndpoint(port).configuration();
    address.forEach(configuration::set);
    configuration.set("hbase.rootdir", folder.resolve("data").toUri().toString());
    configuration.set("fs.file.impl", "org.apache.hadoop.fs.RawLocalFileSystem");
    return configuration;
  }

  private static Path jar() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("target").toAbsolutePath())) {
      return files
          .filter(file -> file.toString().endsWith("-region-server.jar"))
          .findFirst()
          .orElseThrow(() -> new IOException("The jar for region servers is not built"));
    }
  }

  /** Waits until a condition holds, for a minute at most. */
  static void await(String what, Callable<Boolean> condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (!condition.call()) {
        if (System.nanoTime() > end) {
          throw new AssertionError("Still waiting for: " + what);
        }
        LockSupport.parkNanos(20_000_000);
      }
    } catch (Exception e) {
      throw new AssertionError("While waiting for: " + what, e);
    }
  }

  @Override
  public void close() {
    group.close();
  }
}
