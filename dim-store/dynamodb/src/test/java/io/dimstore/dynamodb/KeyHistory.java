package io.dimstore.dynamodb;

import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was done to one key, each change of a version of its own, and what a reader may see of it.
 * Thread-safe.
 */
final class KeyHistory {

  private final Key key;
  private final TreeMap<Long, Change> begun = new TreeMap<>();
  private long acknowledged;

  KeyHistory(Key key) {
    this.key = key;
  }

  Key key() {
    return key;
  }

  synchronized void begun(Change change) {
    begun.put(change.version(), change);
  }

  synchronized void acknowledged(Change change) {
    acknowledged = Math.max(acknowledged, change.version());
  }

  /** The newest version that was acknowledged, or 0. */
  synchronized long lastAcknowledged() {
    return acknowledged;
  }

  /** A reader that has seen nothing yet. */
  Reader reader() {
    return new Reader();
  }

  /** One who reads the key time and again; not thread-safe. */
  final class Reader {

    /** No answer may be of a version below it. */
    private long least;

    /** Before each read: what is acknowledged by now will be seen. */
    void begin() {
      least = Math.max(least, lastAcknowledged());
    }

    /** An answer, null for absent. */
    void sees(Put row) {
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
