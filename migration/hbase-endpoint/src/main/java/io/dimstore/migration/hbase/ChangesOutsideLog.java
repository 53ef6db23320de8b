// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import io.dimstore.spi.StoreException;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.hbase.Abortable;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.regionserver.HRegion;
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

  private static final long LOG_INTERVAL = Duration.ofMinutes(1).toNanos();

  /**
   * What was recorded, for all endpoints of this region server. HBase creates further ones for
   * queues that it takes over, and new ones when a peer changes: a record that an operator has
   * removed must not come back by that.
   */
  private static final Map<RecordName, Map<String, Long>> RECORDED = new ConcurrentHashMap<>();

  private final Abortable server;
  private final EndpointMetrics metrics;
  private final String peer;
  private final TableName letters;
  private final Map<TableName, Long> logged = new HashMap<>();
  private long warned;

  /** Where the counts of a table are recorded. */
  private record RecordName(String peer, TableName letters, TableName table) {}

  /**
   * Creates the detection.
   *
   * @param server the server that runs the endpoint; only a region server has regions to count
   * @param letters the table of the records
   */
  ChangesOutsideLog(Abortable server, EndpointMetrics metrics, String peer, TableName letters) {
    this.server = server;
    this.metrics = metrics;
    this.peer = peer;
    this.letters = letters;
  }

  /** Keeps the counts where the commands of a migration find them. */
  interface Records {

    /**
     * Records the counts of a table.
     *
     * @param counts by opening of a region, the number of such changes since then
     * @throws StoreException if they could not be recorded
     */
    void record(TableName table, Map<String, Long> counts) throws InterruptedException;
  }

  /**
   * Counts such changes of these tables since their regions were opened on this server. Records the
   * counts of a table when one of them has risen, and logs the table when their sum has risen to at
   * least twice what was logged before. What could not be recorded is recorded by the next call.
   */
  synchronized void report(Set<TableName> tables, Records records)
      throws IOException, InterruptedException {
    if (!(server instanceof RegionServerServices services)) {
      return;
    }
    long all = 0;
    for (TableName table : tables) {
      Map<String, Long> counts = new TreeMap<>();
      for (Region region : services.getRegions(table)) {
        long count = region.getNumMutationsWithoutWAL();
        if (count > 0) {
          counts.put(opening(region), count);
        }
      }
      long sum = counts.values().stream().mapToLong(Long::longValue).sum();
      all += sum;
      log(table, sum);
      record(table, counts, records);
    }
    metrics.outsideLog(all);
  }

  /** Returns a name that is another one when the region is opened again. */
  private static String opening(Region region) {
    String name = region.getRegionInfo().getEncodedName();
    return region instanceof HRegion opened ? name + "/" + opened.getOpenSeqNum() : name;
  }

  private void log(TableName table, long sum) {
    long before = logged.getOrDefault(table, 0L);
    if (sum >= Math.max(1, 2 * before)) {
      logged.put(table, sum);
      LOG.error(
          "{} changes of table {} were made with SKIP_WAL. They are not carried. Find the program"
              + " that made them, then compare the table with the target.",
          sum,
          table);
    }
  }

  private void record(TableName table, Map<String, Long> counts, Records records)
      throws InterruptedException {
    RecordName name = new RecordName(peer, letters, table);
    Map<String, Long> before = RECORDED.getOrDefault(name, Map.of());
    Map<String, Long> risen = new TreeMap<>(counts);
    risen.entrySet().removeIf(each -> each.getValue().equals(before.get(each.getKey())));
    if (!risen.isEmpty()) {
      try {
        records.record(table, risen);
      } catch (StoreException e) {
        warn(table, e);
        return;
      }
    }
    RECORDED.put(name, counts);
  }

  private void warn(TableName table, StoreException failure) {
    long now = System.nanoTime();
    if (warned == 0 || now - warned > LOG_INTERVAL) {
      warned = now;
      LOG.warn(
          "Changes of table {} with SKIP_WAL are not recorded yet: {}",
          table,
          failure.getMessage());
    }
  }
}
