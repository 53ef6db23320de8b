// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import static io.dimstore.interleavings.Threads.require;

import io.dimstore.hbaseredis.internal.breaker.RequestPurpose;
import io.dimstore.interleavings.Threads;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics.Operation;
import io.dimstore.spi.support.Deadline;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** One request waits and another is added, while a deadline passes and the queue is closed. */
final class RequestQueueScenario implements Runnable {

  private static final Deadline LATER = Deadline.after(Duration.ofHours(1));
  private static final StoreException LATE = new StoreException(Kind.TIMEOUT, "late");
  private static final StoreException CLOSED = new StoreException(Kind.CLOSED, "closed");

  @Override
  public void run() {
    RequestQueue queue = new RequestQueue(1, new QueueLimit(4, 1_000));
    AtomicInteger ends = new AtomicInteger();
    RedisRequest<String> first = request(ends);
    RedisRequest<String> second = request(ends);
    require(queue.add(first), "there is room at first");
    Threads.run(
        () -> require(queue.add(second), "there is room for the second"),
        () -> {
          first.fail(LATE);
          second.fail(LATE);
        },
        () -> queue.close(CLOSED));
    require(ends.get() == 2, "two requests ended " + ends.get() + " times");
    require(queue.limit().requests() == 0 && queue.limit().bytes() == 0, "room was lost");
  }

  static RedisRequest<String> request(AtomicInteger ends) {
    RedisRequest<String> request =
        new RedisRequest<>(
            Operation.GET,
            1,
            1,
            1,
            RequestPurpose.probe(),
            LATER,
            new RedisCommand<>() {
              @Override
              public void send(RedisConnection connection) {}

              @Override
              public String receive(RedisConnection connection) {
                return "answer";
              }
            });
    request.result().whenComplete((answer, failure) -> ends.incrementAndGet());
    return request;
  }
}
