package io.dimstore.tck;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until it is moved on. Thread-safe. */
public final class TestClock implements InstantSource {

  private final AtomicLong millis;

  /** A clock that stands at this point in time. */
  public TestClock(long epochMillis) {
    this.millis = new AtomicLong(epochMillis);
  }

  /** A clock that stands at the present. */
  public static TestClock atPresent() {
    return new TestClock(System.currentTimeMillis());
  }

  /** Moves the clock on. */
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
