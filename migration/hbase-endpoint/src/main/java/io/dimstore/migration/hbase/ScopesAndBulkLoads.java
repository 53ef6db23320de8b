// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import org.apache.hadoop.hbase.Cell;
import org.apache.hadoop.hbase.replication.ScopeWALEntryFilter;
import org.apache.hadoop.hbase.wal.WAL;

/**
 * Passes the changes of families with {@code REPLICATION_SCOPE}, as HBase does, and all bulk loads.
 * HBase gives a bulk load no scope unless {@code hbase.replication.bulkload.enabled} is set, and
 * would then drop it without a message.
 */
final class ScopesAndBulkLoads extends ScopeWALEntryFilter {

  @Override
  public WAL.Entry filter(WAL.Entry entry) {
    for (Cell cell : entry.getEdit().getCells()) {
      if (BulkLoads.isBulkLoad(cell)) {
        return entry;
      }
    }
    return super.filter(entry);
  }

  @Override
  public Cell filterCell(WAL.Entry entry, Cell cell) {
    return BulkLoads.isBulkLoad(cell) && hasNoScopes(entry) ? cell : super.filterCell(entry, cell);
  }

  private static boolean hasNoScopes(WAL.Entry entry) {
    return entry.getKey().getReplicationScopes() == null
        || entry.getKey().getReplicationScopes().isEmpty();
  }
}
