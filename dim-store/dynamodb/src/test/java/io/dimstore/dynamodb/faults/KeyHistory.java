// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.faults;

import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import java.util.Map;
import java.util.TreeMap;

/**
 * The history of one key, in which each change has a version of its own, and checks of what readers
 * may see. Thread-safe.
 */
public final class KeyHistory {

  private final Key key;
  private final TreeMap<Long, Change> begun = new TreeMap<>();
  private long acknowledged;

  public KeyHistory(Key key) {
    this.key = key;
  }

  public Key key() {
    return key;
  }

  public synchronized void begun(Change change) {
    begun.put(change.version(), change);
  }

  public synchronized void acknowledged(Change change) {
    acknowledged = Math.max(acknowledged, change.version());
  }

  /** Returns the newest acknowledged version, or 0. */
  public synchronized long lastAcknowledged() {
    return acknowledged;
  }

  /** Returns a reader that has seen nothing yet. */
  public Reader reader() {
    return new Reader();
  }

  /** A reader that reads the key repeatedly. Not thread-safe. */
  public final class Reader {

    /** No later answer may have a lower version. */
    private long least;

    /** To be called before each read, which must see all changes that are acknowledged by now. */
    public void begin() {
      least = Math.max(least, lastAcknowledged());
    }

    /** Checks an answer; null for absent. */
    public void sees(Put row) {
      synchronized (KeyHistory.this) {
        if (row != null) {
          if (row.version() < least) {
            throw new AssertionError(
                "Saw " + row + " when version " + least + " was acknowledged or seen");
          }
          if (!row.equals(begun.get(row.version()))) {
            throw new AssertionError("Saw " + row + ", which nobody wrote");
          }
          least = row.version();
        } else if (least > 0) {
          Long delete =
              begun.tailMap(least, true).entrySet().stream()
                  .filter(entry -> entry.getValue() instanceof Delete)
                  .map(Map.Entry::getKey)
                  .findFirst()
                  .orElse(null);
          if (delete == null) {
            throw new AssertionError(
                "Key " + key + " is absent, and nothing since version " + least + " deleted it");
          }
          least = delete;
        }
      }
    }
  }
}
