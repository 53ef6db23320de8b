package io.dimstore.hbaseredis;

import io.dimstore.spi.Backoff;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether Redis is asked. It opens after some failed reads in a row, or at once when a write could
 * not reach Redis: then reads and writes go on from HBase alone. It closes in two steps, so that no
 * reader of this process meets an entry that a write of this process is still owed to: first writes
 * go to Redis again, then the marks are settled, and only then do reads follow. Nothing runs by
 * itself: calls that come by while it is open try Redis now and then. Thread-safe.
 */
final class Breaker {

  private enum State {
    CLOSED,
    RECOVERING,
    OPEN
  }

  private static final Logger LOG = LoggerFactory.getLogger(Breaker.class);
  private static final int FAILURES = 3;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Backoff PAUSES = new Backoff(FIRST_PAUSE, Duration.ofSeconds(5));

  private final Meter meter;
  private volatile State state = State.CLOSED;
  private int failures;
  private int attempts;
  private boolean probing;
  private long nextProbe;

  Breaker(Meter meter) {
    this.meter = meter;
    tell(State.CLOSED);
  }

  boolean allowsReads() {
    return state == State.CLOSED;
  }

  boolean allowsWrites() {
    return state != State.OPEN;
  }

  synchronized void readSucceeded() {
    failures = 0;
  }

  synchronized void readFailed(StoreException failure) {
    if (failure.kind() != Kind.CLOSED && ++failures >= FAILURES) {
      open(failure);
    }
  }

  /** A write has reached HBase and not Redis. */
  synchronized void writeFailed(StoreException failure) {
    if (failure.kind() != Kind.CLOSED) {
      open(failure);
    }
  }

  private void open(StoreException failure) {
    if (state != State.OPEN) {
      LOG.warn("Going on from HBase alone, Redis fails: {}", failure.getMessage());
      meter.count("breaker.open", 1);
      become(State.OPEN);
      nextProbe = System.nanoTime() + pause();
    }
  }

  private void become(State next) {
    state = next;
    tell(next);
  }

  private void tell(State now) {
    meter.gauge("breaker.state", now.ordinal());
  }

  /**
   * Tries Redis if it is time to.
   *
   * @param ping asks whether Redis answers
   * @param settle brings Redis in step with every write that it is owed
   */
  void poke(Supplier<CompletionStage<Void>> ping, Supplier<CompletionStage<Void>> settle) {
    if (state != State.OPEN || !mayProbe()) {
      return;
    }
    ping.get()
        .thenCompose(
            answered -> {
              begin();
              return settle.get();
            })
        .whenComplete((settled, failure) -> ended(failure));
  }

  private synchronized boolean mayProbe() {
    if (state != State.OPEN || probing || System.nanoTime() - nextProbe < 0) {
      return false;
    }
    probing = true;
    return true;
  }

  private synchronized void begin() {
    become(State.RECOVERING);
  }

  private synchronized void ended(@Nullable Throwable failure) {
    probing = false;
    if (failure == null && state == State.RECOVERING) {
      become(State.CLOSED);
      failures = 0;
      attempts = 0;
      meter.count("breaker.close", 1);
      LOG.info("Redis answers again and is in step with HBase");
    } else {
      become(State.OPEN);
      attempts++;
      nextProbe = System.nanoTime() + pause();
    }
  }

  private long pause() {
    return FIRST_PAUSE.toNanos() + (attempts == 0 ? 0 : PAUSES.nanos(attempts));
  }
}
