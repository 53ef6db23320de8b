// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.store;

import java.util.concurrent.atomic.AtomicLong;

/** A clock whose pauses take no time: they move it on. Subclasses do something in a pause. */
public class TestClock implements Clock {

  private final long begin = System.currentTimeMillis();
  private final AtomicLong nanos = new AtomicLong();

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
    nanos.getAndAdd(duration);
    Thread.yield();
  }
}
