// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.flink;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.server.quorum.QuorumPeerMain;

/** Runs the ZooKeeper server that Flink's artifacts contain, as a child process. */
public final class ZooKeeperMain {

  private static final String NAME = "zookeeper";

  private ZooKeeperMain() {}

  /** Runs until the starter ends. The argument is the file with the settings. */
  public static void main(String[] args) {
    StarterWatch.start();
    QuorumPeerMain.main(args);
  }

  /** Returns the program of a server on loopback, after writing its settings. */
  static ChildProgram program(Path folder, int port) throws IOException {
    Path own = Files.createDirectories(folder.resolve(NAME));
    Path settings = own.resolve("zoo.cfg");
    Files.write(
        settings,
        List.of(
            "dataDir=" + own.resolve("data"),
            "clientPort=" + port,
            "clientPortAddress=" + ClusterConfiguration.LOOPBACK,
            "maxClientCnxns=0",
            // Sessions end after 2 to 20 ticks of silence.
            "tickTime=1000",
            "admin.enableServer=false",
            // The data has to survive the process, not the machine.
            "forceSync=no",
            "autopurge.purgeInterval=1"));
    return new ChildProgram(
        NAME,
        Optional.of(ClusterConfiguration.LOOPBACK + ":" + port),
        ZooKeeperMain.class,
        List.of("-Xmx64m"),
        List.of(settings.toString()));
  }
}
