// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.store;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock whose pauses take no time: they move it on, and run on the pausing thread what is to be
 * repeated meanwhile. Subclasses do something in a pause.
 */
public class TestClock implements Clock {

  private final long begin = System.currentTimeMillis();
  private final AtomicLong nanos = new AtomicLong();
  private final List<Repeated> repeated = new CopyOnWriteArrayList<>();

  @Override
  public long millis() {
    return begin + nanos.get() / 1_000_000;
  }

  @Override
  public long nanos() {
    return nanos.get();
  }

  @Override
  public void pause(long duration) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    long end = nanos.get() + duration;
    repeated.forEach(each -> each.runUntil(end));
    advance(Math.max(0, end - nanos.get()));
    Thread.yield();
  }

  /** Moves the clock on, and runs nothing. */
  public void advance(long duration) {
    nanos.getAndAdd(duration);
  }

  @Override
  public Repetition every(long interval, Runnable work) {
    Repeated added = new Repeated(interval, work, nanos.get());
    repeated.add(added);
    return () -> repeated.remove(added);
  }

  private final class Repeated {
    private final long interval;
    private final Runnable work;
    private long due;

    Repeated(long interval, Runnable work, long due) {
      this.interval = interval;
      this.work = work;
      this.due = due;
    }

    synchronized void runUntil(long end) {
      while (due <= end) {
        advance(Math.max(0, due - nanos.get()));
        due += interval;
        work.run();
      }
    }
  }
}
