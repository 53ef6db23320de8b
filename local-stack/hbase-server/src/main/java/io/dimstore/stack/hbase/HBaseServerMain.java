// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.hbase;

import java.io.IOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hbase.HBaseConfiguration;
import org.apache.hadoop.hbase.LocalHBaseCluster;
import org.apache.hadoop.hbase.master.HMaster;
import org.apache.hadoop.hbase.regionserver.HRegionServer;
import org.apache.hadoop.hbase.zookeeper.MiniZooKeeperCluster;
import org.apache.hadoop.metrics2.lib.DefaultMetricsSystem;

/**
 * Runs ZooKeeper, one master and one region server in this process, all bound to loopback.
 *
 * <p>Arguments: the folder for all data, ZooKeeper's client port, the master's port and the region
 * server's; and optionally the host that the two tell clients and each other in place of localhost,
 * where relays forward their ports. The file {@code ready} appears in the folder once tables can be
 * created. The process ends by being killed.
 */
public final class HBaseServerMain {

  private static final String LOOPBACK = "127.0.0.1";
  private static final String HOST = "localhost";

  private HBaseServerMain() {}

  /** Starts the servers and leaves their threads running. Exits with 1 if they cannot start. */
  public static void main(String[] args) {
    Path folder = Path.of(args[0]);
    try {
      run(
          folder,
          Integer.parseInt(args[1]),
          Integer.parseInt(args[2]),
          Integer.parseInt(args[3]),
          args.length > 4 ? args[4] : HOST);
    } catch (Exception e) {
      System.err.println("HBase did not start: " + e);
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  private static void run(
      Path folder, int port, int masterPort, int regionServerPort, String advertised)
      throws Exception {
    // Without this mode the metrics of master and region server have the same names and collide.
    DefaultMetricsSystem.setMiniClusterMode(true);
    Configuration conf = configuration(folder, port);
    // A restarted master listens at its old address. It can therefore take over before the
    // ZooKeeper session of the killed master expires. The same holds for a region server.
    conf.setInt("hbase.master.port", masterPort);
    conf.setInt("hbase.regionserver.port", regionServerPort);
    conf.set("hbase.master.hostname", advertised);
    conf.set("hbase.unsafe.regionserver.hostname", advertised);

    zooKeeper(conf, folder.resolve("zookeeper"), port);
    LocalHBaseCluster cluster =
        new LocalHBaseCluster(conf, 1, 1, HMaster.class, HRegionServer.class);
    cluster.startup();
    awaitInitialized(cluster);
    Files.createFile(folder.resolve("ready"));
    cluster.join();
    throw new IOException("master and region server have ended");
  }

  /** Starts ZooKeeper at exactly this port; fails if the port is taken. */
  static MiniZooKeeperCluster zooKeeper(Configuration conf, Path folder, int port)
      throws IOException, InterruptedException {
    MiniZooKeeperCluster zooKeeper = new MiniZooKeeperCluster(conf);
    zooKeeper.setDefaultClientPort(port);
    zooKeeper.startup(Files.createDirectories(folder).toFile());
    if (zooKeeper.getClientPort() != port) {
      throw new BindException("Address already in use: ZooKeeper's client port " + port);
    }
    return zooKeeper;
  }

  static Configuration configuration(Path folder, int port) {
    Configuration conf = HBaseConfiguration.create();
    conf.set("hbase.rootdir", folder.resolve("data").toUri().toString());
    conf.set("hbase.tmp.dir", folder.resolve("tmp").toString());
    conf.set("hbase.zookeeper.quorum", HOST);
    conf.setInt("hbase.zookeeper.property.clientPort", port);
    conf.setBoolean("hbase.cluster.distributed", false);
    // A local file system has no hflush that survives a machine crash. The local stack does not
    // need one.
    conf.setBoolean("hbase.unsafe.stream.capability.enforce", false);

    conf.set("hbase.master.hostname", HOST);
    conf.set("hbase.unsafe.regionserver.hostname", HOST);
    conf.set("hbase.master.ipc.address", LOOPBACK);
    conf.set("hbase.regionserver.ipc.address", LOOPBACK);
    conf.setInt("hbase.master.info.port", -1);
    conf.setInt("hbase.regionserver.info.port", -1);

    // The tables are small, so a small heap suffices. The two fractions below plus HBase's working
    // memory must fit into it.
    conf.setFloat("hfile.block.cache.size", 0.25f);
    conf.setFloat("hbase.regionserver.global.memstore.size", 0.3f);
    conf.setInt("hbase.regionserver.handler.count", 12);
    // Otherwise each column family that is written to allocates 2 MB of heap, however little it
    // holds.
    conf.setBoolean("hbase.hregion.memstore.mslab.enabled", false);

    // The process that starts this one enforces its own timeout. This one must not expire first.
    conf.setInt("hbase.master.start.timeout.localHBaseCluster", 600_000);

    // These waits reduce messages in large clusters. In a single process they only cost time.
    conf.setInt("hbase.regionserver.msginterval", 200);
    conf.setInt("hbase.master.wait.on.regionservers.interval", 100);
    conf.setInt("hbase.master.wait.on.regionservers.mintostart", 1);
    conf.setInt("hbase.master.wait.on.regionservers.maxtostart", 1);
    conf.setInt("hbase.procedure.remote.dispatcher.delay.msec", 5);
    conf.setInt("hbase.assignment.dispatch.wait.msec", 5);
    return conf;
  }

  private static void awaitInitialized(LocalHBaseCluster cluster)
      throws IOException, InterruptedException {
    while (true) {
      if (cluster.getLiveMasters().isEmpty() || cluster.getLiveRegionServers().isEmpty()) {
        throw new IOException("the master or the region server ended while starting");
      }
      HMaster master = cluster.getActiveMaster();
      if (master != null && master.isInitialized()) {
        return;
      }
      Thread.sleep(20);
    }
  }
}
