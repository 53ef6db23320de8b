package io.dimstore.hbaseredis;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Knows on which servers a table's entries are in step with the writes of this process. A server
 * whose breaker has opened may hold older entries: some write was not sent to it, or failed there.
 * The table reads from that server again after its write intents, as of a time after the server
 * came back, have been reconciled; other tables do not wait for it. Thread-safe.
 */
final class EntryTrust {

  /** Of each server, how often its breaker had opened when the table was last reconciled. */
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

  /** Whether there is a server that can be written to and whose entries are not current. */
  boolean isMissing(Collection<Breaker> servers) {
    for (Breaker server : servers) {
      if (!isCurrent(server) && server.allowsWrites()) {
        return true;
      }
    }
    return false;
  }

  /** Returns the servers that can be written to and whose entries are not current. */
  Map<Breaker, Integer> missing(Collection<Breaker> servers) {
    reconciled.keySet().retainAll(servers);
    Map<Breaker, Integer> missing = new HashMap<>();
    for (Breaker server : servers) {
      int openings = server.openings();
      if (!isCurrent(server) && server.allowsWrites()) {
        missing.put(server, openings);
      }
    }
    return missing;
  }

  /**
   * Notes that the table has been reconciled.
   *
   * @param begun what {@link #missing} said before the cut was taken; a server whose breaker has
   *     opened since stays without trust
   */
  void reconciled(Map<Breaker, Integer> begun) {
    reconciled.putAll(begun);
  }
}
