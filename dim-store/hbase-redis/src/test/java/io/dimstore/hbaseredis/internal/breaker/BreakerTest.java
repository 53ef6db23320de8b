// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.internal.common.Meter;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BreakerTest {

  private static final StoreException DOWN = new StoreException(Kind.UNAVAILABLE, "down");
  private static final CompletionStage<Void> DONE = CompletableFuture.completedFuture(null);

  private final AtomicLong clock = new AtomicLong();
  private final EntryTrust trust = new EntryTrust();

  /** What other threads do at each moment at which the breaker changes. */
  private Runnable meanwhile = () -> {};

  private Supplier<CompletionStage<Void>> probe = () -> DONE;

  private final Breaker breaker =
      new Breaker(
          "the server",
          new Listener(),
          new SlowAnswers(Duration.ofMillis(1), Duration.ofMillis(1), clock::get),
          () -> probe.get(),
          clock::get);

  private CompletionStage<Void> reconcile() {
    Map<Breaker, Integer> begun = trust.missing(List.of(breaker));
    trust.reconciled(begun);
    return DONE;
  }

  private void probe(Supplier<CompletionStage<Void>> recover) {
    clock.addAndGet(TimeUnit.HOURS.toNanos(1));
    breaker.probeIfDue(recover);
  }

  @Test
  void tableThatIsReconciledWhileTheBreakerOpensMustBeReconciledAgain() {
    for (int opening = 1; opening <= 3; opening++) {
      meanwhile = this::reconcile;
      breaker.failed(RequestPurpose.Use.WRITE, DOWN);
      meanwhile = () -> {};
      CompletableFuture<Void> recovery = new CompletableFuture<>();
      probe(() -> recovery);
      assertThat(breaker.state()).isEqualTo(Breaker.State.HALF_OPEN);
      assertThat(breaker.allowsReads(trust)).as("reads after opening %d", opening).isFalse();
      reconcile();
      recovery.complete(null);
      assertThat(breaker.allowsReads(trust)).isTrue();
    }
  }

  @Test
  void probeThatThrowsAnErrorIsNotTheLast() {
    breaker.failed(RequestPurpose.Use.WRITE, DOWN);
    probe =
        () -> {
          throw new StackOverflowError("in the probe");
        };
    probe(this::reconcile);
    assertThat(breaker.state()).isEqualTo(Breaker.State.OPEN);
    probe = () -> DONE;
    probe(this::reconcile);
    assertThat(breaker.state()).isEqualTo(Breaker.State.CLOSED);
  }

  /** A write may still be under way when its server leaves the cluster. */
  @Test
  void breakersOfServersThatLeftAreCountedAsClosedOnce() {
    Map<String, Long> counts = new HashMap<>();
    StoreMetrics metrics =
        new StoreMetrics() {
          @Override
          public void request(Request request) {}

          @Override
          public void count(String name, long delta) {
            counts.merge(name, delta, Long::sum);
          }
        };
    SlowAnswers slow = new SlowAnswers(Duration.ofMillis(1), Duration.ofMillis(1), clock::get);
    Breakers breakers = new Breakers(new Meter(metrics), slow);
    for (boolean opensBefore : new boolean[] {true, false}) {
      Breaker left = new Breaker("a server", breakers, slow, () -> DONE, clock::get);
      breakers.adopt(left);
      if (opensBefore) {
        left.failed(RequestPurpose.Use.WRITE, DOWN);
      }
      breakers.retire(left);
      breakers.retire(left);
      left.failed(RequestPurpose.Use.WRITE, DOWN);
    }
    assertThat(counts).containsOnly(Map.entry("breaker.open", 1L), Map.entry("breaker.close", 1L));
  }

  private final class Listener implements Breaker.Listener {

    @Override
    public void changed() {
      meanwhile.run();
    }

    @Override
    public void slowed() {
      meanwhile.run();
    }

    @Override
    public void stopped(String server, @Nullable String why) {
      meanwhile.run();
    }

    @Override
    public void closed(String server) {
      meanwhile.run();
    }
  }
}
