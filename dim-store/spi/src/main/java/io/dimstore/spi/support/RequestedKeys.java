// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.StoreException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one {@code get}, and what was found. A key that was requested twice is read once
 * (R1). A key that the table cannot hold is absent (R10f). Not thread-safe.
 */
public final class RequestedKeys {

  private final List<Key> requested;
  private final List<Key> distinct;
  private final Map<Key, Put> found = new HashMap<>();
  private final List<Key> unreadable = new ArrayList<>(0);
  private @Nullable StoreException corrupt;

  /** Creates the keys of one call. */
  public RequestedKeys(List<Key> requested, ChangeValidator validator) {
    this.requested = requested;
    Set<Key> known = new LinkedHashSet<>();
    for (Key key : requested) {
      if (validator.problemOf(key) == null) {
        known.add(key);
      }
    }
    this.distinct = List.copyOf(known);
  }

  /** Returns the keys to read, each once. */
  public List<Key> distinct() {
    return distinct;
  }

  /** Adds a row that was found. */
  public void add(Put row) {
    found.put(row.key(), row);
  }

  /** Adds the keys of a row that cannot be read (R11d). */
  public void addUnreadable(StoreException failure) {
    corrupt = failure;
    unreadable.addAll(failure.keys());
  }

  /**
   * Returns the answer: one element per requested key, null where it is absent.
   *
   * @throws StoreException CORRUPT with the keys of all rows that cannot be read
   */
  public List<@Nullable Put> answer() {
    if (corrupt != null) {
      throw new StoreException(
          StoreException.Kind.CORRUPT, String.valueOf(corrupt.getMessage()), unreadable, corrupt);
    }
    List<@Nullable Put> answer = new ArrayList<>(requested.size());
    requested.forEach(key -> answer.add(found.get(key)));
    return answer;
  }
}
