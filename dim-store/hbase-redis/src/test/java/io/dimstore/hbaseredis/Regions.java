// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis;

import java.util.EnumSet;
import java.util.List;
import org.apache.hadoop.hbase.ClusterMetrics.Option;
import org.apache.hadoop.hbase.ServerName;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.Admin;
import org.apache.hadoop.hbase.client.RegionInfo;
import org.apache.hadoop.hbase.ipc.ServerNotRunningYetException;

/** Puts regions on the region servers that a test wants them on. */
final class Regions {

  private Regions() {}

  /** Returns the live region server with this port. */
  static ServerName server(Admin admin, int port) throws Exception {
    return admin.getRegionServers().stream()
        .filter(server -> server.getPort() == port)
        .findFirst()
        .orElseThrow();
  }

  /** Moves a table's regions to these servers in turn. */
  static void place(Admin admin, String table, List<ServerName> servers) throws Exception {
    List<RegionInfo> regions = admin.getRegions(TableName.valueOf(table));
    for (int i = 0; i < regions.size(); i++) {
      RegionInfo region = regions.get(i);
      ServerName server = servers.get(i % servers.size());
      HBaseShell.await("a region moved", () -> isAt(admin, region, server));
    }
  }

  private static boolean isAt(Admin admin, RegionInfo region, ServerName server) throws Exception {
    try {
      if (admin.getRegions(server).contains(region)) {
        return true;
      }
    } catch (ServerNotRunningYetException e) {
      // The master knows a server before the server accepts requests.
      return false;
    }
    if (admin
        .getClusterMetrics(EnumSet.of(Option.REGIONS_IN_TRANSITION))
        .getRegionStatesInTransition()
        .isEmpty()) {
      admin.move(region.getEncodedNameAsBytes(), server);
    }
    return false;
  }
}
