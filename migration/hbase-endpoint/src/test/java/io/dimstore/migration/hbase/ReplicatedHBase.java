// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import io.dimstore.stack.LocalStack;
import io.dimstore.stack.StackOptions;
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

  private final LocalStack stack;

  private ReplicatedHBase(LocalStack stack) {
    this.stack = stack;
  }

  /**
   * Starts it.
   *
   * @param more further settings of the servers
   */
  static ReplicatedHBase start(Map<String, String> more) {
    Path target = Path.of("target").toAbsolutePath();
    try {
      // A folder of its own: two test processes start theirs at the same time.
      Path conf = Files.createTempDirectory(target, "hbase-conf");
      Configuration site = new Configuration(false);
      // The checksummed local file system keeps the end of a log in memory until a block is full.
      site.set("fs.file.impl", "org.apache.hadoop.fs.RawLocalFileSystem");
      site.set("hbase.zookeeper.property.tickTime", "500");
      site.set("zookeeper.session.timeout", "10000");
      site.set("replication.source.sleepforretries", "20");
      site.set("replication.source.maxretriesmultiplier", "5");
      site.set("replication.sleep.before.failover", "200");
      more.forEach(site::set);
      try (Writer out =
          Files.newBufferedWriter(conf.resolve("hbase-site.xml"), StandardCharsets.UTF_8)) {
        site.writeXml(out);
      }
      return new ReplicatedHBase(
          LocalStack.start(
              StackOptions.of("hbase")
                  .withClassPath(
                      "hbase", List.of(conf, jar(target), target.resolve("test-classes")))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path jar(Path target) throws IOException {
    try (Stream<Path> files = Files.list(target)) {
      return files
          .filter(file -> file.toString().endsWith("-region-server.jar"))
          .findFirst()
          .orElseThrow(() -> new IOException("The jar for region servers is not built"));
    }
  }

  /** Kills it, as a crash would. */
  void kill() {
    stack.kill("hbase");
  }

  /** Starts it again with the data on disk. */
  void restart() {
    stack.restart("hbase");
  }

  String log() throws IOException {
    return Files.readString(stack.log("hbase"));
  }

  /** Returns the address of its ZooKeeper. */
  String address() {
    return stack.hbase().address();
  }

  /** Returns the folder of its data. */
  Path folder() {
    return stack.log("hbase").resolveSibling("data");
  }

  Configuration configuration() {
    Configuration configuration = HBaseConfiguration.create();
    stack.hbase().configuration().forEach(configuration::set);
    configuration.set("hbase.rootdir", folder().toUri().toString());
    configuration.set("fs.file.impl", "org.apache.hadoop.fs.RawLocalFileSystem");
    return configuration;
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
    stack.close();
  }
}
