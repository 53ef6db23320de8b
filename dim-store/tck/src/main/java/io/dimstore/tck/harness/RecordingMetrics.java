// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.harness;

import io.dimstore.spi.StoreMetrics;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Records all requests that are reported. Thread-safe. */
public final class RecordingMetrics implements StoreMetrics {

  private final List<Request> requests = new CopyOnWriteArrayList<>();

  /** Creates metrics without recorded requests. */
  public RecordingMetrics() {}

  @Override
  public void request(Request request) {
    requests.add(request);
  }

  /** Removes the recorded requests. */
  public void reset() {
    requests.clear();
  }

  /** Returns the requests recorded since the last reset. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /** Returns the number of keys in GET requests, by server. */
  public Map<String, Integer> keysRead() {
    Map<String, Integer> keys = new TreeMap<>();
    for (Request request : requests) {
      if (request.operation() == Operation.GET) {
        keys.merge(request.server(), request.keys(), Integer::sum);
      }
    }
    return keys;
  }
}
