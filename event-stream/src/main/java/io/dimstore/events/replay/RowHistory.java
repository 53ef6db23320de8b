// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.replay;

import java.util.HashMap;
import java.util.Map;

/**
 * Keeps the newest row of each key, to distinguish changes from repetitions and to assign versions
 * to changes. The map is only looked up and never iterated, so its order cannot affect the output.
 *
 * @param <R> a row, compared with {@code equals}
 */
final class RowHistory<R> {

  /** Returned by {@link #record} if the row equals the key's newest row. */
  static final long UNCHANGED = -1;

  private record Latest<R>(R row, long version) {}

  private final Map<String, Latest<R>> latest = new HashMap<>();

  /**
   * Records the row as the key's newest.
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
