package io.dimstore.hbaseredis;

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
 * What reads of a table ask HBase for. To name the declared cells of each row costs the client and
 * the region server more than to send the cells, but rows may have others, of any size. So the
 * first row of each request is asked for whole, and once many of them in turn had nothing else, all
 * rows are; a row that has more puts an end to it, and a few such rows an end for good.
 * Thread-safe.
 */
final class RowGets {

  /** Whole rows in turn without an undeclared cell after which all are asked for whole. */
  static final int CLEAN_ROWS = 32;

  /** How often rows with undeclared cells are met until none is asked for whole any more. */
  static final int SETBACKS = 8;

  private final Layout layout;

  /** The declared cells. Every request of the table shares these sets. */
  private final SortedMap<byte[], NavigableSet<byte[]>> declared =
      new TreeMap<>(Bytes.BYTES_COMPARATOR);

  // Readers race on these: a step that is lost is made up for by the next request.
  private volatile int clean;
  private volatile int setbacks;

  RowGets(Layout layout) {
    this.layout = layout;
    declare(layout.stateFamily(), StateCell.QUALIFIER);
    for (Slot slot : layout.slots()) {
      declare(slot.family(), slot.qualifier());
    }
    declared.replaceAll((family, qualifiers) -> Collections.unmodifiableNavigableSet(qualifiers));
  }

  private void declare(byte[] family, byte[] qualifier) {
    declared.computeIfAbsent(family, first -> new TreeSet<>(Bytes.BYTES_COMPARATOR)).add(qualifier);
  }

  /** The declared cells by family, for a scan; the caller's own. */
  SortedMap<byte[], NavigableSet<byte[]>> declared() {
    return new TreeMap<>(declared);
  }

  /** One request for each row. */
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

  /** Takes note of what {@link #of} brought. */
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
    int most = layout.slots().length + 1;
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
    for (Slot slot : layout.slots()) {
      if (slot.isOf(cell)) {
        return true;
      }
    }
    return Slot.isOf(cell, layout.stateFamily(), StateCell.QUALIFIER);
  }
}
