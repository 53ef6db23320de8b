// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.hbase;

import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.stack.HBaseEndpoint;
import io.dimstore.stack.process.GroupProcess;
import io.dimstore.stack.process.ServerGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** An HBase with settings that one test needs. */
final class OwnHBase {

  private OwnHBase() {}

  /**
   * Starts it as a process of the group and waits until it serves.
   *
   * @param port of its ZooKeeper
   * @param conf the folder of its hbase-site.xml
   * @param jvm further options of its Java virtual machine
   */
  static HBaseEndpoint start(ServerGroup group, int port, Path conf, String... jvm)
      throws Exception {
    Path own = group.folder().resolve("hbase");
    GroupProcess hbase =
        group.java(
            "hbase",
            "hbase",
            List.of(conf),
            List.of(jvm),
            "io.dimstore.stack.hbase.HBaseServerMain",
            List.of(
                own.toString(),
                Integer.toString(port),
                Integer.toString(group.freePort()),
                Integer.toString(group.freePort())));
    HBaseShell.await(
        "HBase",
        () -> {
          if (!hbase.isAlive()) {
            throw new IOException("HBase has ended: " + Files.readString(hbase.log()));
          }
          return Files.exists(own.resolve("ready"));
        });
    return new HBaseEndpoint(port);
  }
}
