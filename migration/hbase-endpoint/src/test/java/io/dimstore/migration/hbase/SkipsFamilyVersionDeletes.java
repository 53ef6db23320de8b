// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.hbase.Cell;
import org.apache.hadoop.hbase.replication.WALEntryFilter;
import org.apache.hadoop.hbase.wal.WAL;

/**
 * A planted defect: a filter that HBase applies before the endpoint, and that drops one delete
 * kind.
 */
public final class SkipsFamilyVersionDeletes implements WALEntryFilter {

  /** Called by the endpoint's base class in the region server. */
  public SkipsFamilyVersionDeletes() {}

  @Override
  public WAL.Entry filter(WAL.Entry entry) {
    List<Cell> kept = new ArrayList<>();
    for (Cell cell : entry.getEdit().getCells()) {
      if (cell.getType() != Cell.Type.DeleteFamilyVersion) {
        kept.add(cell);
      }
    }
    entry.getEdit().setCells(new ArrayList<>(kept));
    return kept.isEmpty() ? null : entry;
  }
}
