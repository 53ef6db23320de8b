package io.dimstore.events;

import java.util.HashMap;
import java.util.Map;

/**
 * The newest row of each key, to tell a change from a repetition and to number the changes. Only
 * looked up, never iterated, so that its order cannot reach the output.
 *
 * @param <R> a row, compared with {@code equals}
 */
final class RowHistory<R> {

  /** Answer for a row that the key has already. */
  static final long UNCHANGED = -1;

  private record Latest<R>(R row, long version) {}

  private final Map<String, Latest<R>> latest = new HashMap<>();

  /**
   * Takes the row as the key's newest.
   *
   * @return the version of the change, max(time, last version + 1), or {@link #UNCHANGED}
   */
  long record(String key, R row, long timeMillis) {
    Latest<R> last = latest.get(key);
    if (last != null && last.row().equals(row)) {
      return UNCHANGED;
    }
    long version = last == null ? timeMillis : Math.max(timeMillis, last.version() + 1);
    latest.put(key, new Latest<>(row, version));
    return version;
  }
}
