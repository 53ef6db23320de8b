package io.dimstore.hbaseredis;

import io.dimstore.spi.Backoff;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether one server of Redis is asked. There are two reasons not to.
 *
 * <p>It is slow: half of the last answers to reads came late ({@link SlowAnswers}). A request that
 * is still waiting counts as a slow answer once in each such time, so that a server which answers
 * nothing is found out too. Reads are answered by HBase then. Writes are sent all the same: their
 * failure would leave entries behind HBase, and readers in other processes with them.
 *
 * <p>It fails: some reads in a row, or one write. Reads and writes go on from HBase alone then, and
 * what is written is pending for Redis. It closes in two steps, so that no reader of this process
 * meets an entry that misses a write of this process: writes go to the server again, and the tables
 * are reconciled, each of which reads from the server as soon as it has been ({@link EntryTrust}).
 *
 * <p>In both cases probes have to be answered first, and fast. Nothing runs by itself: calls that
 * come by probe now and then. Thread-safe.
 */
final class Breaker {

  /** How far a server is in use. */
  enum State {
    /** For reads and writes. */
    CLOSED(0),
    /** For writes alone, because it is slow. */
    SLOW(1),
    /** For writes, and for reads of tables that have been reconciled. */
    RECOVERING(1),
    /** Not at all, because it fails. */
    OPEN(2);

    private final int gauge;

    State(int gauge) {
      this.gauge = gauge;
    }

    /** What the gauge {@code breaker.state} shows. */
    int gauge() {
      return gauge;
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(Breaker.class);
  private static final int FAILURES = 3;

  /** How many of the last 32 answers have to be slow. */
  private static final int SLOW = Integer.SIZE / 2;

  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Backoff PAUSES = new Backoff(FIRST_PAUSE, Duration.ofSeconds(5));

  /** A breaker that opens sooner after it has closed waits longer than before. */
  private static final long STEADY_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final String server;
  private final Breakers all;
  private final SlowAnswers slow;
  private final Supplier<CompletionStage<Void>> probe;
  private volatile State state = State.CLOSED;
  private volatile int openings;
  private volatile int failures;

  /** The last answers, a bit for each, set where it was slow. Updates may be lost in a race. */
  private volatile int outcomes;

  private int attempts;
  private boolean probing;

  /** Whether it was found to be slow since it was probed. */
  private boolean slowed;

  private long nextProbe;
  private long closedAt;

  /**
   * Creates a breaker that is closed.
   *
   * @param server names the server in messages
   * @param probe succeeds when the server answers, and fast
   */
  Breaker(String server, Breakers all, SlowAnswers slow, Supplier<CompletionStage<Void>> probe) {
    this.server = server;
    this.all = all;
    this.slow = slow;
    this.probe = probe;
  }

  String server() {
    return server;
  }

  State state() {
    return state;
  }

  /** Returns how often it has opened. */
  int openings() {
    return openings;
  }

  /** Has every table reconciled before it reads from this server. */
  synchronized void doubt() {
    openings++;
  }

  /** Whether entries may be read from the server, given that the table trusts them. */
  boolean allowsReads(EntryTrust trust) {
    return isRead() && trust.isCurrent(this);
  }

  /** Whether what the server has may be compared with HBase: also while it is slow. */
  boolean allowsChecks(EntryTrust trust) {
    return state != State.OPEN && trust.isCurrent(this);
  }

  /** Whether any reads are sent to the server. */
  boolean isRead() {
    return state == State.CLOSED || state == State.RECOVERING;
  }

  boolean allowsWrites() {
    return state != State.OPEN;
  }

  /** Learns of an answer, and how long after its request was sent it came. */
  void answered(Demand.Use use, long nanos) {
    if (use == Demand.Use.PROBE) {
      return;
    }
    if (failures != 0 && use != Demand.Use.WRITE) {
      failures = 0;
    }
    if (use == Demand.Use.READ) {
      learn(nanos > slow.boundNanos());
    }
  }

  /** Returns after which time an answer is slow. */
  long bound() {
    return slow.boundNanos();
  }

  /** Learns of a request that is still waiting when its answer would be slow. */
  void stillWaiting() {
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
      all.meter().count("breaker.slow", 1);
      stop(
          State.SLOW,
          "half of its answers take longer than "
              + TimeUnit.NANOSECONDS.toMillis(slow.boundNanos())
              + " ms");
    }
  }

  /** Learns of a request that failed; what was not even sent counts as well. */
  synchronized void failed(Demand.Use use, StoreException failure) {
    if (failure.kind() == Kind.CLOSED || use == Demand.Use.PROBE) {
      return;
    }
    if (use == Demand.Use.WRITE) {
      open(failure.getMessage());
    } else if (failure.kind() != Kind.THROTTLED && ++failures >= FAILURES) {
      open(failure.getMessage());
    }
  }

  private void open(@Nullable String why) {
    if (state == State.OPEN) {
      return;
    }
    openings++;
    if (state == State.SLOW) {
      become(State.OPEN);
    } else {
      stop(State.OPEN, why);
    }
  }

  private void stop(State next, @Nullable String why) {
    LOG.warn("HBase answers lookups without {}: {}", server, why);
    all.meter().count("breaker.open", 1);
    long now = System.nanoTime();
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
    all.report();
  }

  /**
   * Probes the server if it is time to.
   *
   * @param recover reconciles the tables
   */
  void poke(Supplier<CompletionStage<Void>> recover) {
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
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private synchronized boolean mayProbe() {
    if (isRead() || probing || System.nanoTime() - nextProbe < 0) {
      return false;
    }
    probing = true;
    slowed = false;
    return true;
  }

  /** The probe has succeeded; says whether there is something to reconcile. */
  private synchronized boolean begin() {
    boolean failed = state == State.OPEN;
    if (failed) {
      become(State.RECOVERING);
    }
    return failed;
  }

  private synchronized void ended(@Nullable Throwable failure) {
    probing = false;
    boolean answers = state == State.RECOVERING || state == State.SLOW;
    if (failure == null && answers && !slowed) {
      become(State.CLOSED);
      closedAt = System.nanoTime();
      all.meter().count("breaker.close", 1);
      LOG.info("{} is in use again", server);
      return;
    }
    if (state == State.RECOVERING) {
      openings++;
      become(State.OPEN);
    }
    attempts++;
    nextProbe = System.nanoTime() + pause();
  }

  private long pause() {
    return FIRST_PAUSE.toNanos() + (attempts == 0 ? 0 : PAUSES.nanos(attempts));
  }
}
