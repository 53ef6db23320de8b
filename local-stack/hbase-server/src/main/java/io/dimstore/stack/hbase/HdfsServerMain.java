// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.hbase;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hbase.LocalHBaseCluster;
import org.apache.hadoop.hbase.master.HMaster;
import org.apache.hadoop.hbase.regionserver.HRegionServer;
import org.apache.hadoop.hbase.zookeeper.MiniZooKeeperCluster;
import org.apache.hadoop.metrics2.lib.DefaultMetricsSystem;

/**
 * Runs HBase on HDFS. ZooKeeper and the master run in this process. The NameNode, the DataNode and
 * each region server run in their own process. All are bound to loopback.
 *
 * <p>Arguments: the folder for all data, ZooKeeper's client port, the master's port, the NameNode's
 * port and the number of region servers. The file {@code processes} in the folder has one line per
 * started process: its role and its id. The file {@code ready} appears once tables can be created.
 * The process runs until it is killed; the other processes then end too.
 */
public final class HdfsServerMain {

  private static final String SITE = "hdfs-stack.xml";

  private HdfsServerMain() {}

  /** Starts the servers and leaves them running. Exits with 1 if they cannot start. */
  public static void main(String[] args) {
    Path folder = Path.of(args[0]);
    try {
      int[] numbers = new int[args.length - 1];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = Integer.parseInt(args[i + 1]);
      }
      run(folder, numbers[0], numbers[1], numbers[2], numbers[3]);
    } catch (Exception e) {
      System.err.println("HBase on HDFS did not start: " + e);
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  private static void run(
      Path folder, int port, int masterPort, int nameNodePort, int regionServers) throws Exception {
    DefaultMetricsSystem.setMiniClusterMode(true);
    Configuration conf = configuration(folder, port, nameNodePort);
    Path site = Files.createDirectories(folder.resolve("conf")).resolve(SITE);
    try (var out = Files.newBufferedWriter(site)) {
      conf.writeXml(out);
    }
    // The NameNode and the DataNode do not start without the folders of their web pages.
    for (String page : List.of("hdfs", "datanode", "static")) {
      Files.createDirectories(site.resolveSibling("webapps").resolve(page));
    }
    Files.deleteIfExists(folder.resolve("processes"));
    start(folder, site, HdfsChild.NAME_NODE);
    start(folder, site, HdfsChild.DATA_NODE);

    MiniZooKeeperCluster zooKeeper =
        HBaseServerMain.zooKeeper(conf, folder.resolve("zookeeper"), port);
    conf.setInt("hbase.master.port", masterPort);
    conf.setInt("hbase.master.wait.on.regionservers.mintostart", regionServers);
    conf.setInt("hbase.master.wait.on.regionservers.maxtostart", regionServers);
    HdfsChild.awaitFileSystem(conf);
    for (int i = 0; i < regionServers; i++) {
      start(folder, site, HdfsChild.REGION_SERVER);
    }
    LocalHBaseCluster cluster =
        new LocalHBaseCluster(conf, 1, 0, HMaster.class, HRegionServer.class);
    cluster.startup();
    while (true) {
      HMaster master = cluster.getActiveMaster();
      if (master != null && master.isInitialized()) {
        break;
      }
      if (cluster.getLiveMasters().isEmpty()) {
        throw new IOException("the master ended while starting");
      }
      Thread.sleep(20);
    }
    Files.createFile(folder.resolve("ready"));
    cluster.join();
    zooKeeper.shutdown();
    throw new IOException("the master has ended");
  }

  private static Configuration configuration(Path folder, int port, int nameNodePort) {
    Configuration conf = HBaseServerMain.configuration(folder, port);
    String root = "hdfs://localhost:" + nameNodePort;
    conf.set("fs.defaultFS", root);
    conf.set("hbase.rootdir", root + "/hbase");
    conf.setBoolean("hbase.unsafe.stream.capability.enforce", true);
    conf.set("hadoop.tmp.dir", folder.resolve("hadoop").toString());
    conf.set("dfs.namenode.name.dir", folder.resolve("name").toUri().toString());
    conf.set("dfs.namenode.edits.dir", folder.resolve("name").toUri().toString());
    conf.set("dfs.datanode.data.dir", folder.resolve("blocks").toUri().toString());
    conf.set("dfs.namenode.http-address", "localhost:0");
    conf.set("dfs.datanode.address", "127.0.0.1:0");
    conf.set("dfs.datanode.ipc.address", "127.0.0.1:0");
    conf.set("dfs.datanode.http.address", "127.0.0.1:0");
    conf.set("dfs.datanode.hostname", "localhost");
    conf.setInt("dfs.replication", 1);
    conf.setBoolean("dfs.permissions.enabled", false);
    // One block report is all that there will be.
    conf.setInt("dfs.namenode.safemode.extension", 0);
    // A region server that is killed is missed soon, and its log is looked at again soon after its
    // lease was asked for.
    conf.setInt("zookeeper.session.timeout", 6_000);
    conf.setInt("hbase.lease.recovery.first.pause", 500);
    conf.setInt("hbase.lease.recovery.pause", 200);
    return conf;
  }

  /** Starts a process that ends when its pipe from this process closes. */
  private static void start(Path folder, Path site, String role) throws IOException {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    words.add("-cp");
    words.add(site.getParent() + ":" + System.getProperty("java.class.path"));
    words.addAll(List.of(HdfsChild.class.getName(), role, site.toString()));
    Process process =
        new ProcessBuilder(words)
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    if (!role.equals(HdfsChild.REGION_SERVER)) {
      // HBase can lose region servers. Without the NameNode or the DataNode nothing works.
      process.onExit().thenAccept(ended -> endWithout(role));
    }
    Files.writeString(
        folder.resolve("processes"),
        role + " " + process.pid() + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private static void endWithout(String role) {
    System.err.println("HBase on HDFS ends: its " + role + " has ended");
    Runtime.getRuntime().halt(1);
  }
}
