// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.hbase.Abortable;
import org.apache.hadoop.hbase.regionserver.HRegion;
import org.apache.hadoop.hbase.regionserver.RegionServerServices;
import org.apache.hadoop.hbase.util.Bytes;
import org.apache.hadoop.hbase.wal.WAL;

/**
 * Waits until reads see what the write-ahead log has. A region server makes a change visible to
 * readers only after it has been synced to the log, so an entry can be shipped before a read of its
 * row returns it. A region that is not open on this server was closed, and a closed region has
 * completed all of its writes. Thread-safe.
 */
final class RegionVisibility {

  private static final long PATIENCE = Duration.ofSeconds(30).toNanos();

  private final Abortable server;

  /**
   * Creates the wait.
   *
   * @param server the region server; any other process has no open regions
   */
  RegionVisibility(Abortable server) {
    this.server = server;
  }

  /**
   * Waits until a read of a row of any of these entries returns the entry's change or a newer one.
   *
   * @throws StoreException UNAVAILABLE if that takes too long
   */
  void await(List<WAL.Entry> entries) throws InterruptedException {
    if (!(server instanceof RegionServerServices services)) {
      return;
    }
    Map<String, Long> newest = new HashMap<>();
    for (WAL.Entry entry : entries) {
      newest.merge(
          Bytes.toString(entry.getKey().getEncodedRegionName()),
          entry.getKey().getSequenceId(),
          Math::max);
    }
    long start = System.nanoTime();
    for (Map.Entry<String, Long> each : newest.entrySet()) {
      while (services.getRegion(each.getKey()) instanceof HRegion region
          && region.getMVCC().getReadPoint() < each.getValue()) {
        if (System.nanoTime() - start > PATIENCE) {
          throw new StoreException(
              Kind.UNAVAILABLE,
              "Region "
                  + each.getKey()
                  + " does not show readers a change that it logged 30 s ago");
        }
        Thread.sleep(1);
      }
    }
  }
}
