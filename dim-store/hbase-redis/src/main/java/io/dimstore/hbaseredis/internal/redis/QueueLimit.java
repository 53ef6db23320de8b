// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import io.dimstore.hbaseredis.internal.breaker.RequestPurpose;

/**
 * Limits the requests to one server, in number and in bytes. A request counts from its admission
 * until no queue or connection holds it: a request that has already timed out still takes memory
 * while it is in flight. Thread-safe.
 */
final class QueueLimit {

  private final int maxRequests;
  private final long maxBytes;
  private int requests;
  private long bytes;

  QueueLimit(int maxRequests, long maxBytes) {
    this.maxRequests = maxRequests;
    this.maxBytes = maxBytes;
  }

  /**
   * Admits a request if there is room. A quarter of the room is reserved for writes: a refused
   * write takes the server out of use, whereas HBase answers a refused read. A request larger than
   * the limit is admitted if no other request counts. Probes are always admitted. A refused request
   * never counts, not even for a moment; otherwise a refused read could cause the refusal of a
   * write.
   */
  synchronized boolean reserve(long weight, RequestPurpose.Use use) {
    if (use != RequestPurpose.Use.PROBE) {
      boolean isWrite = use == RequestPurpose.Use.WRITE;
      int mostRequests = isWrite ? maxRequests : maxRequests - maxRequests / 4;
      long mostBytes = isWrite ? maxBytes : maxBytes - maxBytes / 4;
      if (requests >= mostRequests || (requests > 0 && bytes + weight > mostBytes)) {
        return false;
      }
    }
    requests++;
    bytes += weight;
    return true;
  }

  synchronized void release(long weight) {
    requests--;
    bytes -= weight;
  }

  synchronized int requests() {
    return requests;
  }

  synchronized long bytes() {
    return bytes;
  }
}
