// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.hbase;

import static org.apache.hadoop.hbase.CompareOperator.EQUAL;
import static org.apache.hadoop.hbase.CompareOperator.GREATER_OR_EQUAL;
import static org.apache.hadoop.hbase.CompareOperator.NOT_EQUAL;

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

  /** Every value is greater or equal. */
  private static final BinaryComparator ANY_VALUE = new BinaryComparator(new byte[0]);

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
    Map<Long, List<Filter>> columns = new TreeMap<>();
    List<Filter> conditions = new ArrayList<>(cells.size() + 1);
    for (Cell cell : cells) {
      byte[] family = CellUtil.cloneFamily(cell);
      byte[] qualifier = CellUtil.cloneQualifier(cell);
      columns
          .computeIfAbsent(cell.getTimestamp(), first -> new ArrayList<>())
          .add(new ColumnValueFilter(family, qualifier, GREATER_OR_EQUAL, ANY_VALUE));
      conditions.add(hasValue(family, qualifier, CellUtil.cloneValue(cell)));
    }
    // First, because a list shows a cell only to the filters before the first that excludes it.
    conditions.add(0, new SkipFilter(allowed(columns)));
    return all(conditions);
  }

  /** Returns the filter for cells of these columns at these timestamps, and undeclared cells. */
  private Filter allowed(Map<Long, List<Filter>> columns) {
    List<Filter> allowed = new ArrayList<>(columns.size() + 1);
    allowed.add(undeclared);
    columns.forEach(
        (timestamp, some) -> {
          Filter at = new TimestampsFilter(List.of(timestamp));
          boolean areAll = some.size() == layout.mappings().length + 1;
          allowed.add(areAll ? at : all(List.of(at, any(some))));
        });
    return any(allowed);
  }

  /** Returns a filter that excludes the row if it has no such cell or one of another value. */
  private static Filter hasValue(byte[] family, byte[] qualifier, byte[] value) {
    SingleColumnValueFilter filter =
        new SingleColumnValueFilter(family, qualifier, EQUAL, new BinaryComparator(value));
    filter.setFilterIfMissing(true);
    return filter;
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
                        new FamilyFilter(NOT_EQUAL, new BinaryComparator(family)),
                        all(qualifiers)))));
    return all(others);
  }

  private static Filter otherThan(byte[] qualifier) {
    return new QualifierFilter(NOT_EQUAL, new BinaryComparator(qualifier));
  }

  private static Filter all(List<Filter> filters) {
    return new FilterList(Operator.MUST_PASS_ALL, filters);
  }

  private static Filter any(List<Filter> filters) {
    return new FilterList(Operator.MUST_PASS_ONE, filters);
  }
}
