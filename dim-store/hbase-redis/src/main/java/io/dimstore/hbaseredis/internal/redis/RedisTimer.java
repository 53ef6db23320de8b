// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import io.dimstore.hbaseredis.internal.common.Meter;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends requests to Redis at their deadlines, whether they wait in a queue or were sent and have no
 * answer. One thread examines all requests every few milliseconds while there are any, and sleeps
 * otherwise. The completion of a request may run code of a caller, so it runs on other threads.
 * Thread-safe.
 */
final class RedisTimer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RedisTimer.class);
  private static final int THREADS = 4;

  private final Set<ServerConnections> watched = ConcurrentHashMap.newKeySet();
  private final OwnDelay delay;
  private final Meter meter;
  private final Thread thread;
  private final ThreadPoolExecutor followers;
  private volatile boolean asleep;
  private volatile boolean closed;
  private int reported;

  /** Creates a timer that examines the requests at this interval. */
  RedisTimer(long tickNanos, Meter meter) {
    this.meter = meter;
    this.delay = new OwnDelay(tickNanos);
    this.thread = daemon(this::run, "dimstore-redis-timer");
    // There are no more tasks than requests, whose number the queues limit.
    this.followers =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> daemon(task, "dimstore-redis-late"),
            (task, pool) -> task.run());
    followers.allowCoreThreadTimeOut(true);
    thread.start();
  }

  private static Thread daemon(Runnable work, String name) {
    Thread made = new Thread(work, name);
    made.setDaemon(true);
    return made;
  }

  void watch(ServerConnections connections) {
    watched.add(connections);
  }

  void forget(ServerConnections connections) {
    watched.remove(connections);
  }

  /** Returns the executor that completes the requests whose deadline has passed. */
  Executor followers() {
    return followers;
  }

  /** Returns the delay of this process, measured while there are requests. */
  OwnDelay delay() {
    return delay;
  }

  /** Wakes the thread if it sleeps; called after a request was added. */
  void wake() {
    if (asleep) {
      LockSupport.unpark(thread);
    }
  }

  private void run() {
    while (!closed) {
      if (isBusy()) {
        delay.await();
        continue;
      }
      asleep = true;
      if (!closed && isIdle()) {
        LockSupport.park(this);
      }
      asleep = false;
    }
  }

  private boolean isBusy() {
    try {
      return sweep();
    } catch (RuntimeException | Error e) {
      // The thread must not end: no request would end at its deadline.
      LOG.error("The timer of requests to Redis failed unexpectedly", e);
      return true;
    }
  }

  private boolean sweep() {
    boolean busy = false;
    int requests = 0;
    long bytes = 0;
    for (ServerConnections connections : watched) {
      busy |= connections.sweep(System.nanoTime());
      requests += connections.limit().requests();
      bytes += connections.limit().bytes();
    }
    if (requests != reported) {
      reported = requests;
      meter.gauge("redis.queued", requests);
      meter.gauge("redis.queued.bytes", bytes);
    }
    return busy;
  }

  private boolean isIdle() {
    for (ServerConnections connections : watched) {
      if (!connections.isIdle()) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    followers.shutdown();
    if (Thread.currentThread() != thread) {
      try {
        thread.join(TimeUnit.SECONDS.toMillis(2));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
