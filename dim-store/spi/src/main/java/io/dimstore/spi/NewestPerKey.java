package io.dimstore.spi;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rule R5: of the changes in one batch, those that stand. */
public final class NewestPerKey {

  private NewestPerKey() {}

  /**
   * One change per key: the newest, and of equal versions the last. Keys keep the order in which
   * they first came. The list itself is returned where it has one change or none.
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
