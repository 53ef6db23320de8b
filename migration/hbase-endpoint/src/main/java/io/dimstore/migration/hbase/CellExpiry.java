// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import io.dimstore.spi.Put;
import java.util.Optional;
import org.apache.hadoop.hbase.Cell;
import org.apache.hadoop.hbase.CellUtil;
import org.apache.hadoop.hbase.HConstants;
import org.apache.hadoop.hbase.RawCell;
import org.apache.hadoop.hbase.Tag;
import org.apache.hadoop.hbase.TagType;
import org.apache.hadoop.hbase.client.ColumnFamilyDescriptor;
import org.apache.hadoop.hbase.client.TableDescriptor;

/**
 * Computes when HBase stops showing a cell: its timestamp plus the shorter of its own time to live
 * and its family's. HBase shows a cell up to and including that millisecond, so it is absent from
 * the next one on. A family that keeps a minimum of versions never ends its newest cell.
 */
final class CellExpiry {

  private final TableDescriptor table;

  CellExpiry(TableDescriptor table) {
    this.table = table;
  }

  /** Returns the first epoch millisecond at which the cell is absent, or {@link Put#NEVER}. */
  long of(Cell cell) {
    long end = Put.NEVER;
    if (cell instanceof RawCell raw) {
      Optional<Tag> own = raw.getTag(TagType.TTL_TAG_TYPE);
      if (own.isPresent()) {
        end = after(cell.getTimestamp(), Tag.getValueAsLong(own.get()));
      }
    }
    ColumnFamilyDescriptor family = table.getColumnFamily(CellUtil.cloneFamily(cell));
    if (family != null
        && family.getTimeToLive() != HConstants.FOREVER
        && family.getMinVersions() < 1) {
      end = Math.min(end, after(cell.getTimestamp(), family.getTimeToLive() * 1000L));
    }
    return end;
  }

  private static long after(long timestamp, long millis) {
    return timestamp > Put.NEVER - millis - 1 ? Put.NEVER : timestamp + millis + 1;
  }
}
