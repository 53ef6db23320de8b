// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.hbase;

import io.dimstore.hbaseredis.internal.encoding.ColumnMapping;
import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.encoding.StateCell;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.hbase.Cell;
import org.apache.hadoop.hbase.client.Get;
import org.apache.hadoop.hbase.client.Result;
import org.apache.hadoop.hbase.util.Bytes;

/**
 * Creates the get requests for rows of a table. Naming the declared cells in each request costs the
 * client and the region server more than sending all cells of the row, but rows may have undeclared
 * cells of any size. So the first row of each request is read whole. When {@link #CLEAN_ROWS}
 * consecutive requests met only declared cells, all rows are read whole. A request that meets
 * undeclared cells ends that, and {@link #SETBACKS} such requests end it permanently. Thread-safe.
 */
public final class RowGets {

  /**
   * The number of consecutive requests without an undeclared cell after which all rows are read
   * whole.
   */
  public static final int CLEAN_ROWS = 32;

  /**
   * The number of requests that meet undeclared cells after which no row is read whole any more.
   */
  static final int SETBACKS = 8;

  private final Layout layout;

  /** The declared cells, by family. All requests of the table share these sets. */
  private final SortedMap<byte[], NavigableSet<byte[]>> declared =
      new TreeMap<>(Bytes.BYTES_COMPARATOR);

  // Updates may be lost in a race between readers; later requests make up for them.
  private volatile int clean;
  private volatile int setbacks;

  RowGets(Layout layout) {
    this.layout = layout;
    declare(layout.stateFamily(), StateCell.QUALIFIER);
    for (ColumnMapping mapping : layout.mappings()) {
      declare(mapping.family(), mapping.qualifier());
    }
    declared.replaceAll((family, qualifiers) -> Collections.unmodifiableNavigableSet(qualifiers));
  }

  private void declare(byte[] family, byte[] qualifier) {
    declared.computeIfAbsent(family, first -> new TreeSet<>(Bytes.BYTES_COMPARATOR)).add(qualifier);
  }

  /** Returns a copy of the declared cells by family, for a scan. */
  SortedMap<byte[], NavigableSet<byte[]>> declared() {
    return new TreeMap<>(declared);
  }

  /** Returns one get for each row. */
  List<Get> of(List<byte[]> rowKeys) {
    boolean learns = setbacks < SETBACKS;
    boolean whole = learns && clean >= CLEAN_ROWS;
    List<Get> gets = new ArrayList<>(rowKeys.size());
    for (byte[] rowKey : rowKeys) {
      Get get = new Get(rowKey);
      if (!whole && !(learns && gets.isEmpty())) {
        get.getFamilyMap().putAll(declared);
      }
      gets.add(get);
    }
    return gets;
  }

  /** Learns from the results of the gets that {@link #of} returned. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // A hint, which may miss a row.
  void learn(List<Result> results) {
    if (setbacks >= SETBACKS || results.isEmpty()) {
      return;
    }
    Cell[] first = results.get(0).rawCells();
    if (hasMore(results) || (first != null && hasUndeclared(first))) {
      clean = 0;
      setbacks = setbacks + 1;
    } else if (first != null && first.length > 0 && clean < CLEAN_ROWS) {
      clean = clean + 1;
    }
  }

  private boolean hasMore(List<Result> results) {
    int most = layout.mappings().length + 1;
    for (Result result : results) {
      if (result.size() > most) {
        return true;
      }
    }
    return false;
  }

  private boolean hasUndeclared(Cell[] cells) {
    for (Cell cell : cells) {
      if (!isDeclared(cell)) {
        return true;
      }
    }
    return false;
  }

  private boolean isDeclared(Cell cell) {
    for (ColumnMapping mapping : layout.mappings()) {
      if (mapping.isOf(cell)) {
        return true;
      }
    }
    return ColumnMapping.isOf(cell, layout.stateFamily(), StateCell.QUALIFIER);
  }
}
