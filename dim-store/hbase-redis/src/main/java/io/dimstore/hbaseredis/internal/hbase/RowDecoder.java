// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.hbase;

import io.dimstore.hbaseredis.internal.encoding.ColumnMapping;
import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.encoding.RowState;
import io.dimstore.hbaseredis.internal.encoding.StateCell;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.hbase.Cell;
import org.apache.hadoop.hbase.RawCell;
import org.apache.hadoop.hbase.Tag;
import org.apache.hadoop.hbase.TagType;
import org.apache.hadoop.hbase.client.Result;
import org.jspecify.annotations.Nullable;

/**
 * Decodes rows of HBase. The newest state cell decides which cells count. For a live row these are
 * the cells with exactly its timestamp; for a deleted or expired row there are none. Cells newer
 * than the state cell were written by another tool, and count; so does a row without a state cell.
 * A row that dimstore wrote and whose cells are all gone was deleted by another tool. {@code
 * docs/storage-format.md} has the full rules. Thread-safe.
 */
final class RowDecoder {

  private final Layout layout;

  RowDecoder(Layout layout) {
    this.layout = layout;
  }

  /**
   * Returns the state of a row.
   *
   * @param needed the columns that must be readable; another column that cannot be read is null in
   *     the result, which is then not copyable
   * @param now when the row is read, in epoch milliseconds
   * @throws StoreException CORRUPT if the state cell or a needed column cannot be read; names the
   *     key
   */
  RowState decode(Key key, Result result, Projection needed, long now) {
    Cell[] cells = result.rawCells();
    if (cells == null || cells.length == 0) {
      return RowState.NOTHING;
    }
    Cell stateCell = stateCell(cells);
    if (stateCell == null) {
      Reading reading = new Reading(key, needed, -1, null);
      reading.read(cells, true);
      return reading.newest < 0 ? RowState.NOTHING : reading.foreign(true);
    }
    long version = stateCell.getTimestamp();
    StateCell state;
    try {
      state =
          StateCell.decode(
              stateCell.getValueArray(), stateCell.getValueOffset(), stateCell.getValueLength());
    } catch (RuntimeException e) {
      throw corrupt(key, "its state cell", e);
    }
    if (state instanceof StateCell.Live live) {
      return live(cells, new Reading(key, needed, version, live), live, now);
    }
    Reading reading = new Reading(key, needed, version, null);
    reading.read(cells, false);
    return reading.newest < 0
        ? new RowState.Tombstone(version, ((StateCell.Deleted) state).appliedAt())
        : reading.foreign(true);
  }

  /**
   * Returns when another tool last changed a row since dimstore wrote it, in epoch milliseconds:
   * the newest timestamp of its cells. If the tool deleted the cells of a row that has not expired,
   * it is the time at which a purge found that, or the version of the row. Returns -1 if dimstore
   * wrote the row last, or its state cell cannot be read.
   */
  long foreignWrite(Result result, long now) {
    Cell[] cells = result.rawCells();
    if (cells == null || cells.length == 0) {
      return -1;
    }
    Cell stateCell = stateCell(cells);
    long version = stateCell == null ? -1 : stateCell.getTimestamp();
    long newest = -1;
    int own = 0;
    int next = 0;
    for (Cell cell : cells) {
      int at = mappingOf(cell, next);
      if (at >= 0) {
        next = at + 1;
        if (cell.getTimestamp() > version) {
          newest = Math.max(newest, cell.getTimestamp());
        } else if (cell.getTimestamp() == version) {
          own++;
        }
      }
    }
    return newest >= 0 || own > 0 || stateCell == null ? newest : deletion(stateCell, now);
  }

  private long deletion(Cell stateCell, long now) {
    try {
      return StateCell.decode(
                      stateCell.getValueArray(),
                      stateCell.getValueOffset(),
                      stateCell.getValueLength())
                  instanceof StateCell.Live live
              && isGone(live)
              && now < live.expiresAt()
          ? live.goneSince() == null ? stateCell.getTimestamp() : live.goneSince()
          : -1;
    } catch (RuntimeException e) {
      return -1; // A scan reports such a row as unreadable.
    }
  }

  /** Whether a row without cells of its own was deleted by another tool. */
  private boolean isGone(StateCell.Live live) {
    return layout.mappings().length > 0 && live.fingerprint() == layout.fingerprint();
  }

  private RowState live(Cell[] cells, Reading reading, StateCell.Live live, long now) {
    boolean expired = now >= live.expiresAt();
    // If another tool wrote to an expired row, only its cells count: the expired cells do not.
    reading.read(cells, !(expired && reading.isTouched(cells)));
    if (reading.newest >= 0) {
      return reading.foreign(reading.own == 0 || live.expiresAt() == Put.NEVER);
    }
    return reading.own == 0 && isGone(live)
        ? new RowState.Tombstone(reading.version, live.goneSince() == null ? now : live.goneSince())
        : new RowState.Present(
            Row.of(reading.values), reading.version, live.expiresAt(), reading.complete);
  }

  /**
   * Returns the state cell, or null. The search begins at the end, because the default state family
   * sorts last.
   */
  private @Nullable Cell stateCell(Cell[] cells) {
    for (int i = cells.length - 1; i >= 0; i--) {
      if (ColumnMapping.isOf(cells[i], layout.stateFamily(), StateCell.QUALIFIER)) {
        return cells[i];
      }
    }
    return null;
  }

  /**
   * Returns the index of a cell's mapping, or -1. Cells and mappings have the same order, so the
   * search begins after the mapping of the previous cell.
   */
  private int mappingOf(Cell cell, int from) {
    ColumnMapping[] mappings = layout.mappings();
    for (int i = from; i < mappings.length; i++) {
      if (mappings[i].isOf(cell)) {
        return i;
      }
    }
    return -1;
  }

  private static StoreException corrupt(Key key, String what, RuntimeException cause) {
    return new StoreException(
        Kind.CORRUPT,
        "Key " + key + ": " + what + " cannot be read: " + cause.getMessage(),
        List.of(key),
        cause);
  }

  /** The state while one row is decoded. */
  private final class Reading {
    final Key key;
    final Projection needed;
    final long version;
    final StateCell.@Nullable Live live;
    final @Nullable Object[] values = new @Nullable Object[layout.mappings().length];
    boolean complete = true;
    int own;
    long newest = -1;

    /** When the first and the last cell of other tools ends by its own time to live. */
    long firstEnd = Put.NEVER;

    long lastEnd = -1;

    Reading(Key key, Projection needed, long version, StateCell.@Nullable Live live) {
      this.key = key;
      this.needed = needed;
      this.version = version;
      this.live = live;
    }

    /** Whether another tool has written to the row since dimstore did. */
    boolean isTouched(Cell[] cells) {
      int next = 0;
      for (Cell cell : cells) {
        int at = mappingOf(cell, next);
        if (at >= 0) {
          next = at + 1;
          if (cell.getTimestamp() > version) {
            return true;
          }
        }
      }
      return false;
    }

    void read(Cell[] cells, boolean ownCells) {
      int next = 0;
      for (Cell cell : cells) {
        int at = mappingOf(cell, next);
        if (at < 0) {
          continue;
        }
        next = at + 1;
        ColumnMapping mapping = layout.mappings()[at];
        long timestamp = cell.getTimestamp();
        if (timestamp > version) {
          newest = Math.max(newest, timestamp);
          long end = end(cell);
          firstEnd = Math.min(firstEnd, end);
          lastEnd = Math.max(lastEnd, end);
          boolean isNull =
              mapping.looksNull(cell.getValueArray(), cell.getValueOffset(), cell.getValueLength());
          values[mapping.index()] = isNull ? null : value(mapping, cell);
        } else if (timestamp == version && ownCells && live != null) {
          own++;
          values[mapping.index()] = isNull(live, mapping, cell) ? null : value(mapping, cell);
        }
      }
    }

    /**
     * Whether a cell is null. That is what the state cell says, unless the cell's length shows that
     * another tool has written the cell at the same version since. The length of STRING and BYTES
     * cells, and of cells of another layout, shows nothing.
     */
    private boolean isNull(StateCell.Live state, ColumnMapping mapping, Cell cell) {
      boolean said = state.isNull(mapping);
      if (mapping.holdsEmpty() || state.fingerprint() != layout.fingerprint()) {
        return said;
      }
      return cell.getValueLength() == 0;
    }

    /**
     * Returns the row that other tools have written. It ends with its last cell. If a value ends
     * earlier, the row is not copied, since a copy would keep that value.
     */
    RowState foreign(boolean endsAsOne) {
      long end = own > 0 ? Put.NEVER : lastEnd;
      return new RowState.Present(
          Row.of(values), newest, end, complete && endsAsOne && firstEnd == end);
    }

    /**
     * Returns the first epoch millisecond at which HBase does not show a cell because of its own
     * time to live. HBase shows it up to and including the last millisecond of that time.
     */
    private static long end(Cell cell) {
      Optional<Tag> timeToLive =
          cell instanceof RawCell raw ? raw.getTag(TagType.TTL_TAG_TYPE) : Optional.empty();
      if (timeToLive.isEmpty()) {
        return Put.NEVER;
      }
      long millis = Tag.getValueAsLong(timeToLive.get());
      long latest = Put.NEVER - millis - 1;
      return cell.getTimestamp() > latest ? Put.NEVER : cell.getTimestamp() + millis + 1;
    }

    private boolean isNeeded(ColumnMapping mapping) {
      for (int i = 0; i < needed.size(); i++) {
        if (needed.index(i) == mapping.index()) {
          return true;
        }
      }
      return false;
    }

    private @Nullable Object value(ColumnMapping mapping, Cell cell) {
      try {
        return mapping
            .cell()
            .decode()
            .apply(cell.getValueArray(), cell.getValueOffset(), cell.getValueLength());
      } catch (RuntimeException e) {
        if (isNeeded(mapping)) {
          throw corrupt(key, "column " + mapping.column().name(), e);
        }
        complete = false;
        return null;
      }
    }
  }
}
