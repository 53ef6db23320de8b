// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.support.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class CapacityLimiterTest {

  private static final Deadline LATER = Deadline.after(Duration.ofHours(1));
  private static final double ENDLESS = Double.POSITIVE_INFINITY;

  private final VirtualTime time = new VirtualTime();

  private CapacityLimiter limiter(double rate) {
    return new CapacityLimiter(rate, time::nanos, time);
  }

  @Test
  void unitsInAnyPeriodAreAtMostRateTimesTimePlusOneSecond() {
    long seed = 7;
    Random random = new Random(seed);
    double rate = 100;
    CapacityLimiter limiter = limiter(rate);
    List<double[]> taken = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      double units = 1 + random.nextInt(25);
      limiter
          .reserve(units, LATER)
          .thenRun(
              () -> {
                taken.add(new double[] {time.seconds(), units});
                limiter.adjust(units, units);
              });
      if (random.nextInt(200) == 0) {
        time.advance(random.nextInt(20));
      }
    }
    while (limiter.waiting() > 0) {
      time.advance(1);
    }
    assertThat(taken).hasSize(3_000);
    for (int from = 0; from < taken.size(); from += 7) {
      double sum = 0;
      for (int to = from; to < taken.size(); to++) {
        sum += taken.get(to)[1];
        double seconds = taken.get(to)[0] - taken.get(from)[0];
        assertThat(sum)
            .as("seed %d, from %d to %d: units in %s s", seed, from, to, seconds)
            .isLessThanOrEqualTo(rate * seconds + rate + 1e-3);
      }
    }
    double all = taken.stream().mapToDouble(one -> one[1]).sum();
    assertThat(time.seconds()).as("and no less").isLessThan(all / rate + 25);
  }

  @Test
  void requestsAreSentInTheOrderOfTheirArrival() {
    CapacityLimiter limiter = limiter(10);
    List<Integer> order = new ArrayList<>();
    double[] units = {10, 9, 1, 30, 1, 1};
    for (int i = 0; i < units.length; i++) {
      int number = i;
      limiter.reserve(units[i], LATER).thenRun(() -> order.add(number));
    }
    assertThat(order).containsExactly(0);
    time.advance(60);
    assertThat(order).containsExactly(0, 1, 2, 3, 4, 5);
  }

  @Test
  void aSmallRequestDoesNotOvertakeALargeOne() {
    CapacityLimiter limiter = limiter(10);
    limiter.reserve(5, LATER).join();
    CompletableFuture<?> large = limiter.reserve(10, LATER);
    CompletableFuture<?> small = limiter.reserve(1, LATER);
    assertThat(small).as("although units are available for it").isNotDone();
    time.advance(0.6);
    assertThat(large).isDone();
    assertThat(small).isNotDone();
  }

  @Test
  void eachLaterThrottleReducesTheRateFurther() {
    CapacityLimiter limiter = limiter(ENDLESS);
    for (int i = 0; i < 8; i++) {
      limiter.throttled();
      time.advance(0.25);
    }
    assertThat(limiter.most()).isLessThan(20);
  }

  @Test
  void laterRequestsWaitForUnitsBeyondAReservation() {
    CapacityLimiter limiter = limiter(10);
    limiter.reserve(1, LATER).join();
    limiter.adjust(1, 59);
    CompletableFuture<?> next = limiter.reserve(1, LATER);
    time.advance(4.9);
    assertThat(next).as("49 of a debt of 49 and 1 of its own").isNotDone();
    time.advance(0.2);
    assertThat(next).isDone();
  }

  @Test
  void unusedReservedUnitsAreReturned() {
    CapacityLimiter limiter = limiter(10);
    limiter.reserve(10, LATER).join();
    CompletableFuture<?> next = limiter.reserve(5, LATER);
    assertThat(next).isNotDone();
    limiter.adjust(10, 5);
    assertThat(next).isDone();
  }

  @Test
  void aRequestOfMoreThanOneSecondsUnitsIsSentWhenTheBucketIsFull() {
    CapacityLimiter limiter = limiter(10);
    limiter.reserve(500, LATER).join();
    CompletableFuture<?> next = limiter.reserve(1, LATER);
    time.advance(48);
    assertThat(next).isNotDone();
    time.advance(2);
    assertThat(next).isDone();
  }

  @Test
  void aRequestThatWaitsPastItsDeadlineFailsAndConsumesNothing() {
    CapacityLimiter limiter = limiter(10);
    limiter.reserve(10, LATER).join();
    CompletableFuture<?> late = limiter.reserve(10, Deadline.after(Duration.ZERO));
    CompletableFuture<?> next = limiter.reserve(10, LATER);
    time.advance(1.1);
    assertThat(kindOf(late)).isEqualTo(Kind.TIMEOUT);
    assertThat(next).isDone();
    assertThat(next.isCompletedExceptionally()).isFalse();
  }

  @Test
  void waitingRequestsFailWhenTheStoreCloses() {
    CapacityLimiter limiter = limiter(1);
    limiter.reserve(5, LATER).join();
    CompletableFuture<?> waiting = limiter.reserve(5, LATER);
    limiter.close();
    assertThat(kindOf(waiting)).isEqualTo(Kind.CLOSED);
    assertThat(kindOf(limiter.reserve(1, LATER))).isEqualTo(Kind.CLOSED);
  }

  @Test
  void aChangeOfTheRateKeepsDebts() {
    CapacityLimiter limiter = limiter(10);
    limiter.reserve(1, LATER).join();
    limiter.adjust(1, 31);
    limiter.setRate(1);
    CompletableFuture<?> next = limiter.reserve(1, LATER);
    time.advance(21);
    assertThat(next).isNotDone();
    limiter.setRate(10);
    time.advance(0.2);
    assertThat(next).isDone();
  }

  @Test
  void withoutALimitEveryRequestIsSentAtOnce() {
    CapacityLimiter limiter = limiter(ENDLESS);
    for (int i = 0; i < 10_000; i++) {
      assertThat(limiter.reserve(1_000, LATER)).isDone();
    }
  }

  @Test
  void throttlingReducesTheRateOncePerBurstAndRecovers() {
    CapacityLimiter limiter = limiter(ENDLESS);
    for (int second = 0; second < 3; second++) {
      limiter.reserve(1_000, LATER).join();
      limiter.adjust(1_000, 1_000);
      time.advance(1);
    }
    for (int i = 0; i < 50; i++) {
      limiter.throttled();
    }
    assertThat(limiter.most()).as("of 1,000 units per second").isCloseTo(700, within(1.0));
    CompletableFuture<?> next = limiter.reserve(700, LATER);
    assertThat(next).isNotDone();
    time.advance(1.1);
    assertThat(next).isDone();
    time.advance(20);
    assertThat(limiter.most()).as("unlimited again").isEqualTo(ENDLESS);
  }

  @Test
  void throttlingNeverRaisesTheRateNorStopsIt() {
    CapacityLimiter slow = limiter(5);
    for (int i = 0; i < 100; i++) {
      slow.throttled();
      time.advance(0.3);
      assertThat(slow.most()).isBetween(1.0, 5.0);
    }
    CompletableFuture<?> next = slow.reserve(1, LATER);
    time.advance(10);
    assertThat(next).isDone();
    assertThat(slow.most()).isEqualTo(5);
  }

  private static Kind kindOf(CompletableFuture<?> failed) {
    try {
      throw new AssertionError("No failure but " + failed.getNow(null));
    } catch (CompletionException e) {
      return StoreException.find(e).kind();
    }
  }
}
