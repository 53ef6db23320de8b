// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.breaker;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tracks on which servers a table's entries contain all writes of this process. A server whose
 * breaker has opened may hold older entries, because some write was not sent to it or failed there.
 * The table reads from that server again after the write intents that existed when the server came
 * back have been reconciled. Other tables do not wait for it. Thread-safe.
 */
public final class EntryTrust {

  /** For each server, how often its breaker had opened when the table was last reconciled. */
  private final Map<Breaker, Integer> reconciled = new ConcurrentHashMap<>();

  /** Whether the table's entries on this server may be read. */
  boolean isCurrent(Breaker server) {
    int openings = server.openings();
    if (openings == 0) {
      return true;
    }
    Integer known = reconciled.get(server);
    return known != null && known == openings;
  }

  /** Whether a server accepts writes and its entries are not current. */
  public boolean isMissing(Collection<Breaker> servers) {
    for (Breaker server : servers) {
      if (!isCurrent(server) && server.allowsWrites()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns the servers that accept writes and whose entries are not current, each with the number
   * of times that its breaker has opened.
   */
  public Map<Breaker, Integer> missing(Collection<Breaker> servers) {
    reconciled.keySet().retainAll(servers);
    Map<Breaker, Integer> missing = new HashMap<>();
    for (Breaker server : servers) {
      // Read before the state: if the breaker opens meanwhile, the number is outdated, so the table
      // stays not current.
      int openings = server.openings();
      if (!isCurrent(server) && server.allowsWrites()) {
        missing.put(server, openings);
      }
    }
    return missing;
  }

  /**
   * Records that the table has been reconciled.
   *
   * @param begun the result of {@link #missing} before the reconciliation began; a server whose
   *     breaker has opened since then is still not current
   */
  public void reconciled(Map<Breaker, Integer> begun) {
    reconciled.putAll(begun);
  }
}
