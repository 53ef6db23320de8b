package io.dimstore.hbaseredis;

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
 * Ends requests to Redis at their deadlines, wherever they are then: in a queue, or on a connection
 * whose answer does not come. One thread looks at all of them every few milliseconds while there
 * are any, and sleeps otherwise. What follows from a deadline, which may be code of a caller, runs
 * on other threads. Thread-safe.
 */
final class RedisTimer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RedisTimer.class);
  private static final int THREADS = 4;

  private final Set<RedisLanes> watched = ConcurrentHashMap.newKeySet();
  private final long tickNanos;
  private final Meter meter;
  private final Thread thread;
  private final ThreadPoolExecutor followers;
  private volatile boolean asleep;
  private volatile boolean closed;
  private int reported;

  /** A timer that looks this often. */
  RedisTimer(long tickNanos, Meter meter) {
    this.meter = meter;
    this.tickNanos = tickNanos;
    this.thread = daemon(this::run, "dimstore-redis-timer");
    // Tasks are as many as requests: bounded by their queues.
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

  void watch(RedisLanes lanes) {
    watched.add(lanes);
  }

  void forget(RedisLanes lanes) {
    watched.remove(lanes);
  }

  /** Runs what follows from a deadline. */
  Executor followers() {
    return followers;
  }

  /** Has the thread look, if it sleeps: there is a request. */
  void wake() {
    if (asleep) {
      LockSupport.unpark(thread);
    }
  }

  private void run() {
    while (!closed) {
      if (isBusy()) {
        LockSupport.parkNanos(this, tickNanos);
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
      // Without this thread no request would end in time.
      LOG.error("A look at the requests to Redis failed", e);
      return true;
    }
  }

  private boolean sweep() {
    boolean busy = false;
    int requests = 0;
    long bytes = 0;
    for (RedisLanes lanes : watched) {
      busy |= lanes.sweep(System.nanoTime());
      requests += lanes.room().requests();
      bytes += lanes.room().bytes();
    }
    if (requests != reported) {
      reported = requests;
      meter.gauge("redis.queued", requests);
      meter.gauge("redis.queued.bytes", bytes);
    }
    return busy;
  }

  private boolean isIdle() {
    for (RedisLanes lanes : watched) {
      if (!lanes.isIdle()) {
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
