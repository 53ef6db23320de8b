// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import io.dimstore.spi.Change;
import io.dimstore.spi.Key;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Implements rule R5: reduces a batch to the newest change of each key. */
public final class NewestPerKey {

  private NewestPerKey() {}

  /**
   * Returns one change per key: the newest, and of equal versions the last. Keys are in the order
   * of their first change. Returns the list itself if it has at most one change.
   */
  public static List<Change> of(List<Change> changes) {
    if (changes.size() < 2) {
      return changes;
    }
    Map<Key, Change> newest = new LinkedHashMap<>(changes.size() * 2);
    for (Change change : changes) {
      newest.merge(
          change.key(), change, (held, next) -> next.version() >= held.version() ? next : held);
    }
    return new ArrayList<>(newest.values());
  }
}
