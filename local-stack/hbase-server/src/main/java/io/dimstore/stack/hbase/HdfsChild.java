// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.hbase;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hbase.regionserver.HRegionServer;
import org.apache.hadoop.hdfs.server.datanode.DataNode;
import org.apache.hadoop.hdfs.server.namenode.NameNode;
import org.apache.hadoop.metrics2.lib.DefaultMetricsSystem;

/**
 * One process of {@link HdfsServerMain}. Arguments: what it is, and the file with all settings. A
 * region server notes its port beside that file, in {@code port-} and its process id. The process
 * ends when its standard input does, that is with whoever started it.
 */
public final class HdfsChild {

  static final String NAME_NODE = "namenode";
  static final String DATA_NODE = "datanode";
  static final String REGION_SERVER = "regionserver";

  private HdfsChild() {}

  /** Runs until the starter ends. Exits with 1 if it cannot start. */
  public static void main(String[] args) {
    Thread watch = new Thread(HdfsChild::endWithTheStarter, "watch-starter");
    watch.setDaemon(true);
    watch.start();
    try {
      Configuration conf = new Configuration(false);
      conf.addResource(Path.of(args[1]).toUri().toURL());
      switch (args[0]) {
        case NAME_NODE -> nameNode(conf);
        case DATA_NODE -> {
          DataNode.createDataNode(new String[0], conf);
          Thread.currentThread().join();
        }
        case REGION_SERVER -> {
          awaitFileSystem(conf);
          conf.setInt("hbase.regionserver.port", 0);
          HRegionServer server = new HRegionServer(conf);
          Files.writeString(
              Path.of(args[1]).resolveSibling("port-" + ProcessHandle.current().pid()),
              Integer.toString(server.getRpcServer().getListenerAddress().getPort()));
          server.start();
          server.join();
        }
        default -> throw new IllegalArgumentException(args[0]);
      }
    } catch (Exception e) {
      System.err.println(args[0] + " did not start: " + e);
      e.printStackTrace();
    }
    Runtime.getRuntime().halt(1);
  }

  private static void nameNode(Configuration conf) throws IOException, InterruptedException {
    Path names = Path.of(URI.create(conf.get("dfs.namenode.name.dir")));
    if (!Files.exists(names.resolve("current"))) {
      NameNode.format(conf);
    }
    // Otherwise the metrics registered by formatting collide with those of the serving NameNode.
    DefaultMetricsSystem.setMiniClusterMode(true);
    NameNode.createNameNode(new String[0], conf).join();
  }

  /** Waits until files can be written. */
  static void awaitFileSystem(Configuration conf) throws InterruptedException {
    while (true) {
      try (FileSystem files = FileSystem.newInstance(FileSystem.getDefaultUri(conf), conf)) {
        org.apache.hadoop.fs.Path probe =
            new org.apache.hadoop.fs.Path("/probe-" + ProcessHandle.current().pid());
        try (var out = files.create(probe)) {
          out.write(1);
        }
        files.delete(probe, false);
        return;
      } catch (IOException e) {
        // The NameNode or the DataNode is not available yet.
        Thread.sleep(100);
      }
    }
  }

  private static void endWithTheStarter() {
    try {
      while (System.in.read() >= 0) {
        // The starter never writes to the pipe.
      }
    } catch (IOException e) {
      // The pipe is broken: the starter has ended.
    }
    Runtime.getRuntime().halt(0);
  }
}
