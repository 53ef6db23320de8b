// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import io.dimstore.hbaseredis.internal.common.Failures;
import io.dimstore.hbaseredis.internal.common.Meter;
import io.dimstore.hbaseredis.internal.encoding.ColumnMapping;
import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.encoding.RowState;
import io.dimstore.hbaseredis.internal.encoding.StateCell;
import io.dimstore.hbaseredis.internal.hbase.HBaseRows;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.hadoop.hbase.Cell;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.AsyncConnection;
import org.apache.hadoop.hbase.client.Get;
import org.apache.hadoop.hbase.client.Result;
import org.apache.hadoop.hbase.client.TableDescriptor;
import org.apache.hadoop.hbase.util.Bytes;

/**
 * Reads rows of one table of the region server's own cluster, with the decoder of the store {@code
 * hbase-redis}. Reads HBase only, never Redis. Thread-safe.
 */
final class ClusterTable implements SourceRows {

  /** Returns the current description of a table, whose families may be changed at any time. */
  interface Descriptions {
    TableDescriptor of(TableName table) throws IOException;
  }

  private final AsyncConnection connection;
  private final Descriptions descriptions;
  private final Layout layout;
  private final HBaseRows decoder;
  private final Projection all;
  private final EndpointMetrics metrics;
  private final InstantSource clock;

  ClusterTable(
      AsyncConnection connection,
      Descriptions descriptions,
      TableSpec spec,
      EndpointMetrics metrics,
      InstantSource clock) {
    this.connection = connection;
    this.descriptions = descriptions;
    this.layout = new Layout(spec);
    this.decoder =
        new HBaseRows(
            name -> CompletableFuture.completedFuture(connection.getTable(name)),
            new Meter(StoreMetrics.NONE),
            layout);
    this.all = spec.all();
    this.metrics = metrics;
    this.clock = clock;
  }

  TableName name() {
    return layout.table();
  }

  /** Returns whether a family has cells of the dimension table. */
  boolean has(byte[] family) {
    if (Bytes.equals(family, layout.stateFamily())) {
      return true;
    }
    for (byte[] data : layout.dataFamilies()) {
      if (Bytes.equals(family, data)) {
        return true;
      }
    }
    return false;
  }

  /** Returns whether a family is the one of state cells, which only dimstore writes. */
  boolean isState(byte[] family) {
    return Bytes.equals(family, layout.stateFamily());
  }

  /** Returns the families that the table's rows are in; the state family only if it exists. */
  List<String> families(TableDescriptor table) {
    List<String> families = new ArrayList<>();
    for (byte[] data : layout.dataFamilies()) {
      families.add(Bytes.toString(data));
    }
    if (table.hasColumnFamily(layout.stateFamily())) {
      families.add(Bytes.toString(layout.stateFamily()));
    }
    return families;
  }

  /**
   * Returns the key of a row key.
   *
   * @throws StoreException CORRUPT if it is not a row key of the table
   */
  Key key(byte[] rowKey) {
    return layout.keys().decode(rowKey);
  }

  @Override
  public List<CurrentRow> read(List<ChangedRow> rows) throws InterruptedException {
    TableDescriptor table = describe();
    List<Get> gets = new ArrayList<>(rows.size());
    for (ChangedRow row : rows) {
      gets.add(get(row.rowKey(), table));
    }
    List<Result> results = await(connection.getTable(layout.table()).getAll(gets));
    long now = clock.millis();
    CellExpiry expiry = new CellExpiry(table);
    List<CurrentRow> currentRows = new ArrayList<>(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      currentRows.add(currentRow(rows.get(i).key(), results.get(i), expiry, now));
    }
    return currentRows;
  }

  TableDescriptor describe() {
    try {
      TableDescriptor table = descriptions.of(layout.table());
      if (table != null) {
        return table;
      }
    } catch (IOException e) {
      throw Failures.of("HBase", e);
    }
    throw new StoreException(
        StoreException.Kind.NO_TABLE,
        "HBase has no table "
            + layout.table()
            + " any more. To carry the changes of the other tables, remove it from the peer with"
            + " remove_peer_tableCFs.");
  }

  private Get get(byte[] rowKey, TableDescriptor table) {
    Get get = new Get(rowKey);
    for (ColumnMapping mapping : layout.mappings()) {
      get.addColumn(mapping.family(), mapping.qualifier());
    }
    if (table.hasColumnFamily(layout.stateFamily())) {
      get.addColumn(layout.stateFamily(), StateCell.QUALIFIER);
    }
    return get;
  }

  private CurrentRow currentRow(Key key, Result result, CellExpiry expiry, long now) {
    RowState state;
    try {
      state = decoder.decode(key, result, all, now);
    } catch (StoreException e) {
      return new CurrentRow.Unreadable(String.valueOf(e.getMessage()));
    }
    if (state instanceof RowState.Tombstone deleted) {
      return new CurrentRow.Absent(deleted.version());
    }
    if (!(state instanceof RowState.Present row)) {
      return new CurrentRow.Absent(CurrentRow.Absent.UNKNOWN);
    }
    long expiresAt = Math.min(row.expiresAt(), expiryOfCells(result, expiry));
    return now >= expiresAt
        ? new CurrentRow.Absent(row.version())
        : new CurrentRow.Present(new Put(key, row.row(), row.version(), expiresAt));
  }

  /**
   * Returns when the last cell of the row expires by its own or its family's time to live. A row
   * written at once expires as a whole. Otherwise a value that expires before the row stays in the
   * target until the row ends; such rows are counted.
   */
  private long expiryOfCells(Result result, CellExpiry expiry) {
    long since = stateVersion(result);
    long first = Put.NEVER;
    long last = -1;
    for (Cell cell : result.rawCells()) {
      if (cell.getTimestamp() >= since && isDeclared(cell)) {
        long end = expiry.of(cell);
        first = Math.min(first, end);
        last = Math.max(last, end);
      }
    }
    if (last > first) {
      metrics.mixedExpiry(1);
    }
    return last < 0 ? Put.NEVER : last;
  }

  private long stateVersion(Result result) {
    Cell state = result.getColumnLatestCell(layout.stateFamily(), StateCell.QUALIFIER);
    return state == null ? 0 : state.getTimestamp();
  }

  private boolean isDeclared(Cell cell) {
    for (ColumnMapping mapping : layout.mappings()) {
      if (mapping.isOf(cell)) {
        return true;
      }
    }
    return false;
  }

  /** Waits for an answer of HBase, and reports its failure as a store does. */
  static <T> T await(CompletableFuture<T> answer) throws InterruptedException {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw Failures.of("HBase", e);
    } finally {
      answer.cancel(false);
    }
  }
}
