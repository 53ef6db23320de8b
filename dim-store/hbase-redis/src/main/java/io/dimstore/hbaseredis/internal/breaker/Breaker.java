// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.breaker;

import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.support.Backoff;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The circuit breaker of one Redis server: decides whether requests are sent to it. There are two
 * reasons to open it.
 *
 * <p>The server is slow: half of the last 32 answers to reads were slow ({@link SlowAnswers}). A
 * request that is still waiting counts as a slow answer each time that the bound passes, so that a
 * server which does not answer at all is detected too. HBase then answers reads. Writes are still
 * sent, because otherwise readers in other processes would get entries older than HBase.
 *
 * <p>The server fails: several reads in a row, or one write. Reads and writes then use HBase alone,
 * and writes are pending for Redis. The breaker closes in two steps, so that no reader of this
 * process gets an entry that lacks a write of this process. First, writes are sent to the server
 * again. Then the tables are reconciled, and each table reads from the server as soon as it is
 * reconciled ({@link EntryTrust}).
 *
 * <p>In both cases, the server must first answer probes, and fast. The breaker has no thread of its
 * own: incoming calls start the probes. Thread-safe.
 */
public final class Breaker {

  /** Which requests are sent to a server. */
  public enum State {
    /** Reads and writes. */
    CLOSED(0),
    /** Only writes, because the server is slow. */
    SLOW(1),
    /** Half-open: writes, and reads of tables that have been reconciled. */
    HALF_OPEN(1),
    /** None, because the server fails. */
    OPEN(2);

    private final int gauge;

    State(int gauge) {
      this.gauge = gauge;
    }

    /** Returns the value of the gauge {@code breaker.state}. */
    int gauge() {
      return gauge;
    }
  }

  /**
   * Is notified of what breakers do, for metrics and logs. Methods may be called under a breaker's
   * lock.
   */
  public interface Listener {

    /** The state of a breaker has changed. */
    void changed();

    /** A server was found to be slow; {@link #stopped} follows. */
    void slowed();

    /** Lookups are not sent to this server from now on; HBase answers them. */
    void stopped(String server, @Nullable String why);

    /** The server is in use again. */
    void closed(String server);

    /** Ignores everything. */
    Listener NONE =
        new Listener() {
          @Override
          public void changed() {}

          @Override
          public void slowed() {}

          @Override
          public void stopped(String server, @Nullable String why) {}

          @Override
          public void closed(String server) {}
        };
  }

  private static final int FAILURES = 3;

  /** The number of slow answers, of the last 32, at which the server counts as slow. */
  private static final int SLOW = Integer.SIZE / 2;

  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Backoff PAUSES = new Backoff(FIRST_PAUSE, Duration.ofSeconds(5));

  /**
   * If the breaker opens again within this time after it has closed, the next pause is longer than
   * the one before.
   */
  private static final long STEADY_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final String server;

  /** Used under the lock. */
  private Listener listener;

  private final SlowAnswers slow;
  private final Supplier<CompletionStage<Void>> probe;
  private final LongSupplier clock;
  private volatile State state = State.CLOSED;
  private volatile int openings;
  private volatile int failures;

  /**
   * The last 32 answers, one bit each, set if the answer was slow. Updates may be lost in a race.
   */
  private volatile int outcomes;

  private int attempts;
  private boolean probing;

  /** Whether the server was found to be slow since the last probe began. */
  private boolean slowed;

  private long nextProbe;
  private long closedAt;

  /**
   * Creates a closed breaker.
   *
   * @param server the name of the server in messages
   * @param probe sends requests to the server; succeeds if it answers fast enough
   */
  public Breaker(
      String server, Listener listener, SlowAnswers slow, Supplier<CompletionStage<Void>> probe) {
    this(server, listener, slow, probe, System::nanoTime);
  }

  /** Creates a closed breaker with a clock that returns monotonic nanoseconds. */
  Breaker(
      String server,
      Listener listener,
      SlowAnswers slow,
      Supplier<CompletionStage<Void>> probe,
      LongSupplier clock) {
    this.server = server;
    this.listener = listener;
    this.slow = slow;
    this.probe = probe;
    this.clock = clock;
  }

  public String server() {
    return server;
  }

  public State state() {
    return state;
  }

  /**
   * Returns how often the breaker has opened because of failures. Failed recoveries and calls of
   * {@link #requireReconciliation} count too. The state changes before this number. So a table that
   * sees the new number also sees that the server is not in use, and is not taken as reconciled too
   * early.
   */
  public int openings() {
    return openings;
  }

  /**
   * Ends the reports to the listener, because the server is no longer in use.
   *
   * @return whether {@link Listener#stopped} was reported without {@link Listener#closed}
   */
  synchronized boolean retire() {
    listener = Listener.NONE;
    return state != State.CLOSED;
  }

  /** Makes every table reconcile before it reads from this server again. */
  public synchronized void requireReconciliation() {
    openings++;
  }

  /** Whether a table may read entries from the server. */
  public boolean allowsReads(EntryTrust trust) {
    return isRead() && trust.isCurrent(this);
  }

  /**
   * Whether a check may read the table's entries from the server; also while the server is slow.
   */
  public boolean allowsChecks(EntryTrust trust) {
    return state != State.OPEN && trust.isCurrent(this);
  }

  /** Whether any reads are sent to the server. */
  public boolean isRead() {
    return state == State.CLOSED || state == State.HALF_OPEN;
  }

  public boolean allowsWrites() {
    return state != State.OPEN;
  }

  /**
   * Records an answer.
   *
   * @param onWire nanoseconds from the sending of its request to the answer
   * @param inAll nanoseconds from the admission of its request to the answer
   */
  public void answered(RequestPurpose.Use use, long onWire, long inAll) {
    if (use == RequestPurpose.Use.PROBE) {
      return;
    }
    if (failures != 0 && use != RequestPurpose.Use.WRITE) {
      failures = 0;
    }
    if (use == RequestPurpose.Use.READ) {
      learn(slow.isSlow(onWire, inAll));
    }
  }

  /** Returns the time, in nanoseconds, from which on an answer is slow. */
  public long bound() {
    return slow.boundNanos();
  }

  /** Whether an answer is slow, or would be if it came now. */
  public boolean isSlow(long onWire, long inAll) {
    return slow.isSlow(onWire, inAll);
  }

  /** Records a request that is still waiting for an answer and whose answer would be slow. */
  public void stillWaiting() {
    learn(true);
  }

  private void learn(boolean isSlow) {
    int next = outcomes << 1 | (isSlow ? 1 : 0);
    outcomes = next;
    if (isSlow && Integer.bitCount(next) >= SLOW) {
      slow();
    }
  }

  private synchronized void slow() {
    if (isRead()) {
      slowed = true;
      if (!slow.isCompared()) {
        // Nothing is known about the speed of HBase. If it is not faster, this server must soon be
        // used again, so the pause is the shortest one.
        closedAt = 0;
      }
      listener.slowed();
      stop(
          State.SLOW,
          "half of the last 32 answers took longer than "
              + TimeUnit.NANOSECONDS.toMillis(slow.boundNanos())
              + " ms");
    }
  }

  /** Records a request that failed, also if it was not sent. */
  public synchronized void failed(RequestPurpose.Use use, StoreException failure) {
    if (failure.kind() == Kind.CLOSED || use == RequestPurpose.Use.PROBE) {
      return;
    }
    if (use == RequestPurpose.Use.WRITE) {
      open(failure.getMessage());
    } else if (failure.kind() != Kind.THROTTLED && ++failures >= FAILURES) {
      open(failure.getMessage());
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // Its callers hold the lock.
  private void open(@Nullable String why) {
    if (state == State.OPEN) {
      return;
    }
    if (state == State.SLOW) {
      become(State.OPEN);
    } else {
      stop(State.OPEN, why);
    }
    openings++;
  }

  private void stop(State next, @Nullable String why) {
    listener.stopped(server, why);
    long now = clock.getAsLong();
    if (closedAt != 0 && now - closedAt < STEADY_NANOS) {
      attempts++;
    } else if (state == State.CLOSED) {
      attempts = 0;
    }
    become(next);
    nextProbe = now + pause();
  }

  private void become(State next) {
    state = next;
    failures = 0;
    outcomes = 0;
    listener.changed();
  }

  /**
   * Probes the server if reads are not sent to it and a probe is due. Never blocks.
   *
   * @param recover reconciles the tables; called if the server had failed and the probe succeeds
   */
  public void probeIfDue(Supplier<CompletionStage<Void>> recover) {
    if (isRead() || !mayProbe()) {
      return;
    }
    probed()
        .thenCompose(answered -> begin() ? recover.get() : CompletableFuture.completedFuture(null))
        .whenComplete((recovered, failure) -> ended(failure));
  }

  private CompletionStage<Void> probed() {
    try {
      return probe.get();
    } catch (RuntimeException | Error e) {
      // A probe that never ends would be the last one.
      return CompletableFuture.failedFuture(e);
    }
  }

  private synchronized boolean mayProbe() {
    if (isRead() || probing || clock.getAsLong() - nextProbe < 0) {
      return false;
    }
    probing = true;
    slowed = false;
    return true;
  }

  /** Called when the probe has succeeded. Returns whether the tables must be reconciled. */
  private synchronized boolean begin() {
    boolean failed = state == State.OPEN;
    if (failed) {
      become(State.HALF_OPEN);
    }
    return failed;
  }

  private synchronized void ended(@Nullable Throwable failure) {
    probing = false;
    boolean answers = state == State.HALF_OPEN || state == State.SLOW;
    if (failure == null && answers && !slowed) {
      become(State.CLOSED);
      closedAt = clock.getAsLong();
      listener.closed(server);
      return;
    }
    if (state == State.HALF_OPEN) {
      become(State.OPEN);
      openings++;
    }
    attempts++;
    nextProbe = clock.getAsLong() + pause();
  }

  private long pause() {
    return FIRST_PAUSE.toNanos() + (attempts == 0 ? 0 : PAUSES.nanos(attempts));
  }
}
