// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.breaker;

import static io.dimstore.interleavings.Threads.require;

import io.dimstore.interleavings.Threads;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Two calls arrive when a probe of a server is due, while a write to it fails. */
final class BreakerScenario implements Runnable {

  private static final StoreException DOWN = new StoreException(Kind.UNAVAILABLE, "down");

  @Override
  public void run() {
    Server server = new Server();
    server.breaker.failed(RequestPurpose.Use.WRITE, DOWN);
    server.clock.set(TimeUnit.HOURS.toNanos(1));
    Threads.run(
        () -> server.breaker.probeIfDue(server::reconcile),
        () -> server.breaker.probeIfDue(server::reconcile),
        () -> {
          server.pending.set(true);
          server.breaker.failed(RequestPurpose.Use.WRITE, DOWN);
          server.requireConsistent();
        });
    server.requireConsistent();
    require(!server.twoProbes.get(), "two probes were running at one time");
  }

  /**
   * A server that answers, a table on it, and whether a write of the table is pending for Redis.
   */
  private static final class Server {
    private final AtomicLong clock = new AtomicLong();
    private final AtomicInteger probes = new AtomicInteger();
    private final AtomicBoolean twoProbes = new AtomicBoolean();
    private final AtomicBoolean pending = new AtomicBoolean(true);
    private final EntryTrust trust = new EntryTrust();
    private final SlowAnswers slow =
        new SlowAnswers(Duration.ofMillis(1), Duration.ofMillis(1), clock::get);
    private final Breaker breaker =
        new Breaker("the server", new Unheard(), slow, this::probe, clock::get);

    private CompletionStage<Void> probe() {
      if (probes.incrementAndGet() > 1) {
        twoProbes.set(true);
      }
      probes.decrementAndGet();
      return CompletableFuture.completedFuture(null);
    }

    CompletionStage<Void> reconcile() {
      Map<Breaker, Integer> begun = trust.missing(List.of(breaker));
      pending.set(false);
      trust.reconciled(begun);
      return CompletableFuture.completedFuture(null);
    }

    void requireConsistent() {
      require(
          !(breaker.allowsReads(trust) && pending.get()),
          "entries are read that lack a write of this process");
      require(
          !(breaker.state() == Breaker.State.CLOSED && pending.get()),
          "the server is in use, and the write that failed is not reconciled");
    }
  }

  /** The checker cannot follow a logger. */
  private static final class Unheard implements Breaker.Listener {

    @Override
    public void changed() {}

    @Override
    public void slowed() {}

    @Override
    public void stopped(String server, String why) {}

    @Override
    public void closed(String server) {}
  }
}
