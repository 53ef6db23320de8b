package io.dimstore.tck;

import io.dimstore.spi.StoreMetrics;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps the requests that it is told of. Thread-safe. */
public final class RecordingMetrics implements StoreMetrics {

  private final List<Request> requests = new CopyOnWriteArrayList<>();

  /** Records nothing yet. */
  public RecordingMetrics() {}

  @Override
  public void request(Request request) {
    requests.add(request);
  }

  /** Forgets what was recorded. */
  public void reset() {
    requests.clear();
  }

  /** What was recorded since the last reset. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /** How many keys were asked for, by server. */
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
