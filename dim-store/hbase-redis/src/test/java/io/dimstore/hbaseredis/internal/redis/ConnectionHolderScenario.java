// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import static io.dimstore.interleavings.Threads.require;

import io.dimstore.interleavings.Threads;
import io.dimstore.spi.StoreException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** One thread opens a connection, gives it up and opens another, while the store is closed. */
final class ConnectionHolderScenario implements Runnable {

  @Override
  public void run() {
    Queue<AtomicInteger> closes = new ConcurrentLinkedQueue<>();
    ConnectionHolder<AtomicInteger> holder =
        new ConnectionHolder<>(() -> open(closes), AtomicInteger::incrementAndGet);
    Threads.run(() -> use(holder), holder::close);
    for (AtomicInteger times : closes) {
      require(times.get() == 1, "a connection was closed " + times.get() + " times");
    }
    require(!holder.isOpen(), "a connection is held after the close");
  }

  private static AtomicInteger open(Queue<AtomicInteger> closes) {
    AtomicInteger times = new AtomicInteger();
    closes.add(times);
    return times;
  }

  private static void use(ConnectionHolder<AtomicInteger> holder) {
    try {
      holder.take();
      holder.release();
      holder.take();
    } catch (StoreException e) {
      require(e.kind() == StoreException.Kind.CLOSED, "a take failed " + e.kind());
    }
  }
}
