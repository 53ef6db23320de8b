// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.harness;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** A clock whose time changes only by {@link #advance}. Thread-safe. */
public final class TestClock implements InstantSource {

  private final AtomicLong millis;

  /** Creates a clock that shows this time. */
  public TestClock(long epochMillis) {
    this.millis = new AtomicLong(epochMillis);
  }

  /** Creates a clock that shows the current time. */
  public static TestClock atPresent() {
    return new TestClock(System.currentTimeMillis());
  }

  /** Advances the clock. */
  public void advance(Duration by) {
    millis.addAndGet(by.toMillis());
  }

  @Override
  public long millis() {
    return millis.get();
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis.get());
  }
}
