// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.hbase.Abortable;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.regionserver.Region;
import org.apache.hadoop.hbase.regionserver.RegionServerServices;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Detects changes with durability {@code SKIP_WAL}. They are in no log, so nothing can carry them,
 * and which rows they change is not known; but each region counts them. Thread-safe.
 */
final class ChangesOutsideLog {

  private static final Logger LOG = LoggerFactory.getLogger(ChangesOutsideLog.class);

  private final Abortable server;
  private final EndpointMetrics metrics;
  private final Map<TableName, Long> reported = new ConcurrentHashMap<>();

  /**
   * Creates the detection.
   *
   * @param server the server that runs the endpoint; only a region server has regions to count
   */
  ChangesOutsideLog(Abortable server, EndpointMetrics metrics) {
    this.server = server;
    this.metrics = metrics;
  }

  /**
   * Counts such changes of these tables since their regions were opened on this server. Logs a
   * table when its count has risen to at least twice what was logged before.
   */
  void report(Set<TableName> tables) throws IOException {
    if (!(server instanceof RegionServerServices services)) {
      return;
    }
    long sum = 0;
    for (TableName table : tables) {
      long count = 0;
      for (Region region : services.getRegions(table)) {
        count += region.getNumMutationsWithoutWAL();
      }
      sum += count;
      long before = reported.getOrDefault(table, 0L);
      if (count >= Math.max(1, 2 * before)) {
        reported.put(table, count);
        LOG.error(
            "{} changes of table {} were made with SKIP_WAL. They are not carried. Find the"
                + " program that made them, then compare the table with the target.",
            count,
            table);
      }
    }
    metrics.outsideLog(sum);
  }
}
