// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import static io.dimstore.interleavings.Threads.require;

import io.dimstore.hbaseredis.internal.breaker.RequestPurpose;
import io.dimstore.interleavings.Threads;
import java.util.concurrent.atomic.AtomicInteger;

/** A read that is too large, and two writes of which only one has room, request admission. */
final class QueueLimitScenario implements Runnable {

  @Override
  public void run() {
    QueueLimit limit = new QueueLimit(4, 100);
    require(limit.reserve(60, RequestPurpose.Use.READ), "there is room at first");
    AtomicInteger writes = new AtomicInteger();
    AtomicInteger reads = new AtomicInteger();
    Threads.run(
        () -> count(limit.reserve(60, RequestPurpose.Use.READ), reads),
        () -> count(limit.reserve(40, RequestPurpose.Use.WRITE), writes),
        () -> count(limit.reserve(40, RequestPurpose.Use.WRITE), writes));
    require(reads.get() == 0, "more is admitted than the limit");
    require(writes.get() == 1, writes.get() + " writes are admitted, but one has room");
    require(limit.requests() == 2 && limit.bytes() == 100, "a refused request has taken room");
  }

  private static void count(boolean isAdmitted, AtomicInteger admitted) {
    if (isAdmitted) {
      admitted.incrementAndGet();
    }
  }
}
