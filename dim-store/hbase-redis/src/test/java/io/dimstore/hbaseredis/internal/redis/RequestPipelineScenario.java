// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import static io.dimstore.interleavings.Threads.require;

import io.dimstore.interleavings.Threads;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A connection takes the waiting requests, while another is added and a deadline passes; then the
 * queue is closed.
 */
final class RequestPipelineScenario implements Runnable {

  private static final StoreException LATE = new StoreException(Kind.TIMEOUT, "late");
  private static final StoreException CLOSED = new StoreException(Kind.CLOSED, "closed");

  @Override
  public void run() {
    RequestQueue queue = new RequestQueue(1, new QueueLimit(4, 1_000));
    AtomicInteger ends = new AtomicInteger();
    RedisRequest<String> first = RequestQueueScenario.request(ends);
    RedisRequest<String> second = RequestQueueScenario.request(ends);
    require(queue.add(first), "there is room at first");
    Threads.run(() -> queue.add(second), () -> serve(queue), () -> first.fail(LATE));
    queue.close(CLOSED);
    require(ends.get() == 2, "two requests ended " + ends.get() + " times");
    require(queue.limit().requests() == 0 && queue.limit().bytes() == 0, "room was lost");
  }

  private static void serve(RequestQueue queue) {
    List<RedisRequest<?>> turn;
    try {
      turn = queue.next();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    for (RedisRequest<?> request : turn) {
      request.result().complete(null);
      queue.release(request);
    }
  }
}
