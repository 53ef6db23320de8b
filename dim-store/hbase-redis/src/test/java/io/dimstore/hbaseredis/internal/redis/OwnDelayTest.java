// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.internal.breaker.Breaker;
import io.dimstore.hbaseredis.internal.breaker.RequestPurpose;
import io.dimstore.hbaseredis.internal.breaker.SlowAnswers;
import io.dimstore.hbaseredis.internal.common.Meter;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreMetrics.Operation;
import io.dimstore.spi.support.Deadline;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OwnDelayTest {

  private static final long TICK = 5;

  private final AtomicLong now = new AtomicLong(1_000);

  private OwnDelay wakingLateBy(long nanos) {
    return new OwnDelay(TICK, now::get, tick -> now.addAndGet(tick + nanos));
  }

  @Test
  void lateWakeUpsAddUp() {
    OwnDelay delay = wakingLateBy(30);
    delay.await();
    delay.await();
    now.addAndGet(1_000);
    assertThat(delay.total(now.get())).isEqualTo(60);
  }

  @Test
  void wakeUpInTimeOrEarlyIsNoDelay() {
    OwnDelay delay = wakingLateBy(-3);
    delay.await();
    assertThat(delay.total(now.get())).isZero();
  }

  /** After a pause of the whole process, the thread of an answer may run before this one. */
  @Test
  void delayCountsBeforeTheThreadWakes() {
    AtomicLong seen = new AtomicLong();
    OwnDelay[] delay = new OwnDelay[1];
    delay[0] =
        new OwnDelay(TICK, now::get, tick -> seen.set(delay[0].total(now.addAndGet(TICK + 40))));
    delay[0].await();
    assertThat(seen).hasValue(40);
    assertThat(delay[0].total(now.get())).isEqualTo(40);
  }

  @Test
  void answersThatThisProcessDelayedDoNotOpenTheBreaker() {
    assertThat(breakerAfter(wakingLateBy(Duration.ofHours(1).toNanos())).isRead()).isTrue();
    assertThat(breakerAfter(wakingLateBy(0)).isRead()).isFalse();
  }

  /** Returns a breaker for which every answer is slow, after answers with a tick in between. */
  private static Breaker breakerAfter(OwnDelay delay) {
    SlowAnswers slow = new SlowAnswers(Duration.ofNanos(1), Duration.ofSeconds(1));
    Breaker breaker =
        new Breaker(
            "Redis", Breaker.Listener.NONE, slow, () -> CompletableFuture.completedFuture(null));
    Meter meter = new Meter(StoreMetrics.NONE);
    for (int i = 0; i < Integer.SIZE; i++) {
      RedisRequest<String> request =
          new RedisRequest<>(
              Operation.GET,
              1,
              1,
              1,
              new RequestPurpose(RequestPurpose.Use.READ, server -> true, null, false),
              Deadline.after(Duration.ofHours(1)),
              answered());
      request.send(null, delay);
      delay.await();
      request.receive(null, meter, breaker, delay, 0);
    }
    return breaker;
  }

  private static RedisCommand<String> answered() {
    return new RedisCommand<>() {
      @Override
      public void send(RedisConnection connection) {}

      @Override
      public String receive(RedisConnection connection) {
        return "answer";
      }
    };
  }
}
