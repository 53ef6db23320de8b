package io.dimstore.hbaseredis;

import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.util.List;
import org.apache.hadoop.hbase.Cell;
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
   * @param needed the columns without which the row is of no use; of the others it has what can be
   *     read
   * @throws StoreException CORRUPT, naming the key
   */
  Stored decode(Key key, Result result, Projection needed, long now) {
    Cell[] cells = result.rawCells();
    if (cells == null || cells.length == 0) {
      return Stored.NOTHING;
    }
    Cell stateCell = stateCell(cells);
    if (stateCell == null) {
      Reading reading = new Reading(key, needed, -1, null);
      reading.read(cells, true);
      return reading.newest < 0 ? Stored.NOTHING : reading.foreign(true);
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
        ? new Stored.Tombstone(version, ((StateCell.Deleted) state).appliedAt())
        : reading.foreign(true);
  }

  private Stored live(Cell[] cells, Reading reading, StateCell.Live live, long now) {
    boolean expired = now >= live.expiresAt();
    // What another tool wrote to an expired row is a row without what has expired.
    reading.read(cells, !(expired && reading.isTouched(cells)));
    if (reading.newest >= 0) {
      return reading.foreign(reading.own == 0 || live.expiresAt() == Put.NEVER);
    }
    boolean gone =
        reading.own == 0 && layout.slots().length > 0 && live.fingerprint() == layout.fingerprint();
    return gone
        ? new Stored.Tombstone(reading.version, live.goneSince() == null ? now : live.goneSince())
        : new Stored.Present(
            Row.of(reading.values), reading.version, live.expiresAt(), reading.complete);
  }

  /** It is sought from the end: by default its family comes last. */
  private @Nullable Cell stateCell(Cell[] cells) {
    for (int i = cells.length - 1; i >= 0; i--) {
      if (Slot.isOf(cells[i], layout.stateFamily(), StateCell.QUALIFIER)) {
        return cells[i];
      }
    }
    return null;
  }

  /** Cells and slots are both sorted: the slot of a cell is never before that of the last one. */
  private int slotOf(Cell cell, int from) {
    Slot[] slots = layout.slots();
    for (int i = from; i < slots.length; i++) {
      if (slots[i].isOf(cell)) {
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

  /** One row being read. */
  private final class Reading {
    final Key key;
    final Projection needed;
    final long version;
    final StateCell.@Nullable Live live;
    final @Nullable Object[] values = new @Nullable Object[layout.slots().length];
    boolean complete = true;
    int own;
    long newest = -1;

    Reading(Key key, Projection needed, long version, StateCell.@Nullable Live live) {
      this.key = key;
      this.needed = needed;
      this.version = version;
      this.live = live;
    }

    /** Whether another tool has written to the row since we did. */
    boolean isTouched(Cell[] cells) {
      int next = 0;
      for (Cell cell : cells) {
        int at = slotOf(cell, next);
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
        int at = slotOf(cell, next);
        if (at < 0) {
          continue;
        }
        next = at + 1;
        Slot slot = layout.slots()[at];
        long timestamp = cell.getTimestamp();
        if (timestamp > version) {
          newest = Math.max(newest, timestamp);
          boolean isNull =
              slot.looksNull(cell.getValueArray(), cell.getValueOffset(), cell.getValueLength());
          values[slot.index()] = isNull ? null : value(slot, cell);
        } else if (timestamp == version && ownCells && live != null) {
          own++;
          values[slot.index()] = isNull(live, slot, cell) ? null : value(slot, cell);
        }
      }
    }

    /**
     * What the state cell says, unless the bytes show that another tool has written the cell at the
     * same version since. Text never shows it, and neither do cells of another layout.
     */
    private boolean isNull(StateCell.Live state, Slot slot, Cell cell) {
      boolean said = state.isNull(slot);
      if (slot.holdsEmpty() || state.fingerprint() != layout.fingerprint()) {
        return said;
      }
      return cell.getValueLength() == 0;
    }

    Stored foreign(boolean endsAsOne) {
      return new Stored.Present(Row.of(values), newest, Put.NEVER, complete && endsAsOne);
    }

    private boolean isNeeded(Slot slot) {
      for (int i = 0; i < needed.size(); i++) {
        if (needed.index(i) == slot.index()) {
          return true;
        }
      }
      return false;
    }

    private @Nullable Object value(Slot slot, Cell cell) {
      try {
        return slot.cell()
            .decode()
            .apply(cell.getValueArray(), cell.getValueOffset(), cell.getValueLength());
      } catch (RuntimeException e) {
        if (isNeeded(slot)) {
          throw corrupt(key, "column " + slot.column().name(), e);
        }
        complete = false;
        return null;
      }
    }
  }
}
