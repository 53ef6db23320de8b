// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis;

import io.dimstore.stack.HBaseEndpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.Admin;
import org.apache.hadoop.hbase.client.RegionInfo;
import org.apache.hadoop.hbase.client.Result;
import org.apache.hadoop.hbase.client.ResultScanner;
import org.apache.hadoop.hbase.client.Scan;
import org.apache.hadoop.hbase.client.Table;
import org.apache.hadoop.hbase.filter.FirstKeyOnlyFilter;

/** Splits the one region of a table in its middle, and merges its two regions, in turn. */
final class RegionChanges {

  private final HBaseEndpoint endpoint;
  private final Set<String> changed = new HashSet<>();

  RegionChanges(HBaseEndpoint endpoint) {
    this.endpoint = endpoint;
  }

  /** Changes the regions once; returns when the new ones are open. */
  void next(String name) {
    TableName table = TableName.valueOf(name);
    try (HBaseShell shell = new HBaseShell(endpoint);
        Admin admin = shell.admin()) {
      if (!changed.add(name)) {
        dropReferences(shell, admin, table);
      }
      List<RegionInfo> regions = admin.getRegions(table);
      int expected = regions.size() == 1 ? 2 : 1;
      if (expected == 2) {
        byte[] middle = middleOf(shell, table);
        admin.splitRegionAsync(regions.get(0).getRegionName(), middle).get(60, TimeUnit.SECONDS);
      } else {
        byte[][] two = {regions.get(0).getRegionName(), regions.get(1).getRegionName()};
        admin.mergeRegionsAsync(two, false).get(60, TimeUnit.SECONDS);
      }
      HBaseShell.await(
          expected + " regions of " + name, () -> admin.getRegions(table).size() == expected);
    } catch (Exception e) {
      throw new AssertionError("The regions of " + name + " did not change", e);
    }
  }

  /**
   * Compacts and reopens regions. HBase neither splits nor merges a region whose files are
   * references to files of a former region. A compaction writes new files, and closing the region
   * releases the references.
   */
  private static void dropReferences(HBaseShell shell, Admin admin, TableName table)
      throws IOException {
    shell.compact(table.getNameAsString());
    for (RegionInfo region : admin.getRegions(table)) {
      admin.unassign(region.getRegionName());
      admin.assign(region.getRegionName());
    }
  }

  private static byte[] middleOf(HBaseShell shell, TableName name) throws IOException {
    List<byte[]> rows = new ArrayList<>();
    try (Table table = shell.table(name.getNameAsString());
        ResultScanner scanner = table.getScanner(new Scan().setFilter(new FirstKeyOnlyFilter()))) {
      for (Result row : scanner) {
        rows.add(row.getRow());
      }
    }
    return rows.get(rows.size() / 2);
  }
}
