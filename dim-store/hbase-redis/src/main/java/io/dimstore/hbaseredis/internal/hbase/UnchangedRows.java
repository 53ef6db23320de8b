// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.hbase;

import io.dimstore.hbaseredis.internal.encoding.ColumnMapping;
import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.encoding.StateCell;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.hbase.Cell;
import org.apache.hadoop.hbase.CellUtil;
import org.apache.hadoop.hbase.CompareOperator;
import org.apache.hadoop.hbase.client.CheckAndMutate;
import org.apache.hadoop.hbase.client.Put;
import org.apache.hadoop.hbase.client.Result;
import org.apache.hadoop.hbase.filter.BinaryComparator;
import org.apache.hadoop.hbase.filter.ColumnValueFilter;
import org.apache.hadoop.hbase.filter.FamilyFilter;
import org.apache.hadoop.hbase.filter.Filter;
import org.apache.hadoop.hbase.filter.FilterList;
import org.apache.hadoop.hbase.filter.FilterList.Operator;
import org.apache.hadoop.hbase.filter.QualifierFilter;
import org.apache.hadoop.hbase.filter.SingleColumnValueFilter;
import org.apache.hadoop.hbase.filter.SkipFilter;
import org.apache.hadoop.hbase.filter.TimestampsFilter;
import org.apache.hadoop.hbase.io.TimeRange;
import org.apache.hadoop.hbase.util.Bytes;

/**
 * Mutations that HBase applies only if a row is still the one that was read. The row must have
 * exactly the declared cells that were read, with their timestamps and values. HBase checks this
 * while no other mutation of the row can be applied.
 *
 * <p>Cells that are older than the state cell do not count, so the condition ignores them. Neither
 * a late write of an older version nor the delete markers of a delete that was read change its
 * outcome.
 *
 * <p>HBase takes a filter as met if it leaves any cell of the row. A row without declared cells
 * leaves none. The condition for it is that it has no state cell, so the first write of another
 * tool is not noticed. Thread-safe.
 */
public final class UnchangedRows {

  /** About the size of the filters of a condition that are not for a single cell. */
  private static final int BYTES_OF_LISTS = 1_000;

  /** About the size of the filters for a declared cell, without its name and value. */
  private static final int BYTES_OF_CELL = 500;

  /** How often the filters for a declared cell contain its name. */
  private static final int NAMES = 3;

  private static final byte[] EMPTY = {};

  private final Layout layout;
  private final Filter undeclared;

  public UnchangedRows(Layout layout) {
    this.layout = layout;
    this.undeclared = undeclared(layout);
  }

  /**
   * Returns the conditional mutation of a row.
   *
   * @param read the row as it was read, with all declared cells
   */
  public CheckAndMutate step(Result read, Put mutation) {
    byte[] family = layout.stateFamily();
    CheckAndMutate.Builder row = CheckAndMutate.newBuilder(mutation.getRow());
    long since = since(read);
    List<Cell> counting = counting(read, since);
    return (counting.isEmpty()
            ? row.ifNotExists(family, StateCell.QUALIFIER)
            : row.ifMatches(exactly(counting)).timeRange(TimeRange.from(since)))
        .build(mutation);
  }

  /** Returns about how many bytes the condition has in a request. */
  public long bytes(Result read) {
    long bytes = BYTES_OF_LISTS;
    for (Cell cell : counting(read, since(read))) {
      bytes +=
          BYTES_OF_CELL
              + NAMES * (cell.getFamilyLength() + (long) cell.getQualifierLength())
              + cell.getValueLength();
    }
    return bytes;
  }

  /** Returns the timestamp from which on cells count. */
  private long since(Result read) {
    Cell state = read.getColumnLatestCell(layout.stateFamily(), StateCell.QUALIFIER);
    return state == null ? 0 : state.getTimestamp();
  }

  private List<Cell> counting(Result read, long since) {
    return read.isEmpty()
        ? List.of()
        : Arrays.stream(read.rawCells())
            .filter(cell -> cell.getTimestamp() >= since && isDeclared(cell))
            .toList();
  }

  private boolean isDeclared(Cell cell) {
    return ColumnMapping.isOf(cell, layout.stateFamily(), StateCell.QUALIFIER)
        || Arrays.stream(layout.mappings()).anyMatch(mapping -> mapping.isOf(cell));
  }

  /** Returns a filter that excludes the row unless its declared cells are exactly these. */
  private Filter exactly(List<Cell> cells) {
    Map<Long, List<Filter>> equal = new TreeMap<>();
    List<Filter> present = new ArrayList<>(cells.size());
    for (Cell cell : cells) {
      byte[] family = CellUtil.cloneFamily(cell);
      byte[] qualifier = CellUtil.cloneQualifier(cell);
      equal
          .computeIfAbsent(cell.getTimestamp(), first -> new ArrayList<>())
          .add(
              new ColumnValueFilter(
                  family,
                  qualifier,
                  CompareOperator.EQUAL,
                  new BinaryComparator(CellUtil.cloneValue(cell))));
      present.add(present(family, qualifier));
    }
    List<Filter> allowed = new ArrayList<>(equal.size() + 1);
    equal.forEach(
        (timestamp, values) ->
            allowed.add(all(List.of(new TimestampsFilter(List.of(timestamp)), any(values)))));
    allowed.add(undeclared);
    List<Filter> conditions = new ArrayList<>(cells.size() + 1);
    // First, because a list shows a cell only to the filters before the first that excludes it.
    conditions.add(new SkipFilter(any(allowed)));
    conditions.addAll(present);
    return all(conditions);
  }

  /** Returns a filter that excludes the row if it does not have this cell, whatever its value. */
  private static Filter present(byte[] family, byte[] qualifier) {
    SingleColumnValueFilter present =
        new SingleColumnValueFilter(
            family, qualifier, CompareOperator.GREATER_OR_EQUAL, new BinaryComparator(EMPTY));
    present.setFilterIfMissing(true);
    return present;
  }

  /** Returns the filter for cells that are neither of a declared column nor state cells. */
  private static Filter undeclared(Layout layout) {
    SortedMap<byte[], List<Filter>> declared = new TreeMap<>(Bytes.BYTES_COMPARATOR);
    declared.put(layout.stateFamily(), List.of(otherThan(StateCell.QUALIFIER)));
    for (ColumnMapping mapping : layout.mappings()) {
      declared
          .computeIfAbsent(mapping.family(), first -> new ArrayList<>())
          .add(otherThan(mapping.qualifier()));
    }
    List<Filter> others = new ArrayList<>(declared.size());
    declared.forEach(
        (family, qualifiers) ->
            others.add(
                any(
                    List.of(
                        new FamilyFilter(CompareOperator.NOT_EQUAL, new BinaryComparator(family)),
                        all(qualifiers)))));
    return all(others);
  }

  private static Filter otherThan(byte[] qualifier) {
    return new QualifierFilter(CompareOperator.NOT_EQUAL, new BinaryComparator(qualifier));
  }

  private static Filter all(List<Filter> filters) {
    return new FilterList(Operator.MUST_PASS_ALL, filters);
  }

  private static Filter any(List<Filter> filters) {
    return new FilterList(Operator.MUST_PASS_ONE, filters);
  }
}
