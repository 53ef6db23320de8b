package io.dimstore.hbaseredis;

import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.util.List;
import org.apache.hadoop.hbase.Cell;
import org.apache.hadoop.hbase.CellUtil;
import org.apache.hadoop.hbase.client.Result;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows of HBase. The newest state cell decides: of a live row its own cells count, those with
 * exactly its timestamp; of a deleted or expired one, none. Cells newer than the state cell are
 * another tool's writes and count as such, and so does a row without a state cell. A row of our own
 * whose cells are all gone was deleted by another tool. Thread-safe.
 */
final class RowDecoder {

  private final Layout layout;

  RowDecoder(Layout layout) {
    this.layout = layout;
  }

  /**
   * What a row holds at a time.
   *
   * @throws StoreException CORRUPT, naming the key
   */
  Stored decode(Key key, Result result, long now) {
    Cell[] cells = result.rawCells();
    if (cells == null || cells.length == 0) {
      return Stored.NOTHING;
    }
    Cell stateCell = stateCell(cells);
    if (stateCell == null) {
      return merge(key, cells, null, -1, now);
    }
    StateCell state;
    try {
      state =
          StateCell.decode(
              stateCell.getValueArray(), stateCell.getValueOffset(), stateCell.getValueLength());
    } catch (RuntimeException e) {
      throw corrupt(key, "its state cell", e);
    }
    return merge(key, cells, state, stateCell.getTimestamp(), now);
  }

  private Stored merge(Key key, Cell[] cells, @Nullable StateCell state, long version, long now) {
    StateCell.Live live = state instanceof StateCell.Live l ? l : null;
    boolean ownCount = live != null && now < live.expiresAt();
    Slot[] slots = layout.slots();
    @Nullable Object[] values = new @Nullable Object[slots.length];
    int next = 0;
    int own = 0;
    long newest = -1;
    for (Cell cell : cells) {
      int at = slotOf(cell, next);
      if (at < 0) {
        continue;
      }
      next = at + 1;
      long timestamp = cell.getTimestamp();
      if (timestamp > version) {
        newest = Math.max(newest, timestamp);
        values[slots[at].index()] = value(key, slots[at], cell, null);
      } else if (timestamp == version && live != null) {
        own++;
        if (ownCount || newest < 0) {
          values[slots[at].index()] = value(key, slots[at], cell, live);
        }
      }
    }
    if (newest >= 0) {
      if (live != null && !ownCount) {
        // Own cells were read before the first foreign one showed that the row goes on without.
        return foreignOnly(key, cells, version);
      }
      boolean mixed = live != null && own > 0 && live.expiresAt() != Put.NEVER;
      return new Stored.Present(Row.of(values), newest, Put.NEVER, mixed);
    }
    if (live == null) {
      return state instanceof StateCell.Deleted deleted
          ? new Stored.Tombstone(version, deleted.appliedAt())
          : Stored.NOTHING;
    }
    if (own == 0 && slots.length > 0 && live.fingerprint() == layout.fingerprint()) {
      return new Stored.Tombstone(version, now);
    }
    return new Stored.Present(Row.of(values), version, live.expiresAt(), false);
  }

  private Stored foreignOnly(Key key, Cell[] cells, long version) {
    Slot[] slots = layout.slots();
    @Nullable Object[] values = new @Nullable Object[slots.length];
    long newest = -1;
    int next = 0;
    for (Cell cell : cells) {
      int at = slotOf(cell, next);
      if (at >= 0) {
        next = at + 1;
        if (cell.getTimestamp() > version) {
          newest = Math.max(newest, cell.getTimestamp());
          values[slots[at].index()] = value(key, slots[at], cell, null);
        }
      }
    }
    return new Stored.Present(Row.of(values), newest, Put.NEVER, false);
  }

  private @Nullable Cell stateCell(Cell[] cells) {
    for (Cell cell : cells) {
      if (CellUtil.matchingColumn(cell, layout.stateFamily(), StateCell.QUALIFIER)) {
        return cell;
      }
    }
    return null;
  }

  /** Cells and slots are both sorted: the slot of a cell is never before that of the last one. */
  private int slotOf(Cell cell, int from) {
    Slot[] slots = layout.slots();
    for (int i = from; i < slots.length; i++) {
      if (CellUtil.matchingColumn(cell, slots[i].family(), slots[i].qualifier())) {
        return i;
      }
    }
    return -1;
  }

  private static @Nullable Object value(
      Key key, Slot slot, Cell cell, StateCell.@Nullable Live live) {
    byte[] bytes = cell.getValueArray();
    int offset = cell.getValueOffset();
    int length = cell.getValueLength();
    if (slot.looksNull(bytes, offset, length) && (live == null || !live.isValue(slot))) {
      return null;
    }
    try {
      return slot.cell().decode().apply(bytes, offset, length);
    } catch (RuntimeException e) {
      throw corrupt(key, "column " + slot.column().name(), e);
    }
  }

  private static StoreException corrupt(Key key, String what, RuntimeException cause) {
    return new StoreException(
        Kind.CORRUPT,
        "Key " + key + ": " + what + " cannot be read: " + cause.getMessage(),
        List.of(key),
        cause);
  }
}
