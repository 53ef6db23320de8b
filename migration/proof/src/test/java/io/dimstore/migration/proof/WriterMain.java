// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.proof;

import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hbase.HBaseConfiguration;
import org.apache.hadoop.hbase.client.Connection;
import org.apache.hadoop.hbase.client.ConnectionFactory;

/**
 * A process that writes the tables of a wave until it is killed: as {@code dimstore} through the
 * mirror, or as {@code plain} with HBase's client. The latter also reads through a mirror of its
 * own, whose reconciler competes with the writer's.
 */
final class WriterMain {

  private WriterMain() {}

  public static void main(String[] args) throws Exception {
    Setup setup = Setup.read(Path.of(args[0]));
    DimensionStore mirror = setup.openMirror();
    Connection connection =
        args[1].equals(PlainWriter.NAME)
            ? ConnectionFactory.createConnection(hbase(setup.from().get("zookeeper.quorum")))
            : null;
    setup.forEachBegun(
        table -> {
          Path folder = setup.folder(table);
          DimensionTable mirrored = mirror.table(Setup.spec(table));
          if (connection == null) {
            start(new MirrorWriter(mirrored, folder, Filler.late(folder)));
          } else {
            start(new PlainWriter(connection, table, folder));
            start(new MirrorReader(mirrored, folder, setup.staleness().toMillis()));
          }
        });
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work);
    thread.setUncaughtExceptionHandler(
        (failed, e) -> {
          e.printStackTrace();
          Runtime.getRuntime().halt(2);
        });
    thread.start();
  }

  /** Returns the configuration of a client that gives up after seconds. */
  static Configuration hbase(String quorum) {
    Configuration configuration = HBaseConfiguration.create();
    String[] address = quorum.split(":", 2);
    configuration.set("hbase.zookeeper.quorum", address[0]);
    configuration.set("hbase.zookeeper.property.clientPort", address[1]);
    configuration.setInt("hbase.client.retries.number", 3);
    configuration.setInt("hbase.rpc.timeout", 2_000);
    configuration.setInt("hbase.client.operation.timeout", 5_000);
    configuration.setInt("hbase.client.meta.operation.timeout", 5_000);
    return configuration;
  }
}
