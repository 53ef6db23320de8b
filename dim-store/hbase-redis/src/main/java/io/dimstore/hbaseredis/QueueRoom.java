package io.dimstore.hbaseredis;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the requests to one server, in number and in bytes, from their admission until nothing
 * holds them any more: also one that nobody waits for takes memory while it is on its way.
 * Thread-safe.
 */
final class QueueRoom {

  private final int maxRequests;
  private final long maxBytes;
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  QueueRoom(int maxRequests, long maxBytes) {
    this.maxRequests = maxRequests;
    this.maxBytes = maxBytes;
  }

  /**
   * Takes the room for a request, if it is there. A quarter is for writes alone: a write that Redis
   * is not told of takes the server out of use, a read is answered by HBase. A request that is
   * larger than the bound is admitted alone.
   */
  boolean reserve(long weight, Demand.Use use) {
    if (use == Demand.Use.PROBE) {
      add(weight);
      return true;
    }
    boolean isRead = use != Demand.Use.WRITE;
    int mostRequests = isRead ? maxRequests - maxRequests / 4 : maxRequests;
    long mostBytes = isRead ? maxBytes - maxBytes / 4 : maxBytes;
    int number = requests.incrementAndGet();
    long size = bytes.addAndGet(weight);
    if (number > mostRequests || size > mostBytes && number > 1) {
      release(weight);
      return false;
    }
    return true;
  }

  private void add(long weight) {
    requests.incrementAndGet();
    bytes.addAndGet(weight);
  }

  void release(long weight) {
    requests.decrementAndGet();
    bytes.addAndGet(-weight);
  }

  int requests() {
    return requests.get();
  }

  long bytes() {
    return bytes.get();
  }
}
