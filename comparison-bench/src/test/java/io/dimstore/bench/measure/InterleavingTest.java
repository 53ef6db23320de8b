// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.bench.measure.Interleaving.Measured;
import io.dimstore.bench.subject.BenchException;
import io.dimstore.bench.subject.Operation;
import io.dimstore.bench.subject.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InterleavingTest {

  private static final int WARM_UP = 4;
  private static final int PAIRS = 20;

  private final Clock clock = new Clock();
  private final SectionMeter meter =
      new SectionMeter(() -> clock.nanos, Map.of("client", () -> clock.cpuNanos));
  private final List<String> order = new ArrayList<>();
  private final List<Long> rounds = new ArrayList<>();

  @Test
  void aStoreThatTakesTwiceAsLongHasHalfTheSpeed() {
    Measured measured = measure(subject("store", 200, 60), subject("plain", 100, 20), 1);

    assertThat(measured.ratios()).hasSize(PAIRS).containsOnly(0.5);
    assertThat(measured.noise()).hasSize(PAIRS).containsOnly(1.0);
  }

  @Test
  void cpuIsThatOfEachSubjectAlone() {
    Measured measured = measure(subject("store", 200, 60_000), subject("plain", 100, 20_000), 1);

    assertThat(measured.rows()).isEqualTo(10 * PAIRS);
    assertThat(measured.subject().of("client")).isEqualTo(60_000 * PAIRS);
    assertThat(measured.baseline().of("client")).isEqualTo(20_000 * PAIRS);
    assertThat(measured.subject().nanos()).isEqualTo(200 * PAIRS);
  }

  @Test
  void theBlocksThatWarmUpAreDropped() {
    int[] runs = new int[1];
    Subject store =
        round ->
            () -> {
              boolean isWarm = runs[0]++ >= WARM_UP;
              clock.pass(isWarm ? 100 : 100_000, 1);
            };

    assertThat(measure(store, subject("plain", 100, 1), 1).ratios()).containsOnly(1.0);
  }

  @Test
  void warmUpLastsAsLongAsRequested() {
    int[] runs = new int[1];
    Subject store =
        round ->
            () -> {
              boolean isWarm = runs[0]++ >= 10 * WARM_UP;
              clock.pass(isWarm ? 100 : 100_000, 1);
            };

    List<Double> ratios =
        measure(store, subject("plain", 100, 1), 1, 10 * WARM_UP * 1_100_000L).ratios();

    assertThat(ratios).hasSize(PAIRS).containsOnly(1.0);
  }

  @Test
  void theTwoOfAPairAreNeighboursInEitherOrderAndDoTheSameRound() {
    measure(subject("store", 1, 1), subject("plain", 1, 1), 1);

    int storeFirst = 0;
    int plainFirst = 0;
    assertThat(order).hasSize(2 * (WARM_UP + 2 * PAIRS));
    for (int i = 0; i < order.size(); i += 2) {
      assertThat(rounds.get(i)).isEqualTo(rounds.get(i + 1)).isEqualTo((long) (i / 2));
      if (!order.get(i).equals(order.get(i + 1))) {
        storeFirst += order.get(i).equals("store") ? 1 : 0;
        plainFirst += order.get(i).equals("plain") ? 1 : 0;
      }
    }
    assertThat(storeFirst + plainFirst).isEqualTo(WARM_UP + PAIRS);
    assertThat(storeFirst).isPositive();
    assertThat(plainFirst).isPositive();
  }

  @Test
  void theOrderFollowsTheSeed() {
    measure(subject("store", 1, 1), subject("plain", 1, 1), 1);
    List<String> first = List.copyOf(order);
    order.clear();
    measure(subject("store", 1, 1), subject("plain", 1, 1), 1);
    assertThat(order).isEqualTo(first);
    order.clear();
    measure(subject("store", 1, 1), subject("plain", 1, 1), 2);
    assertThat(order).isNotEqualTo(first);
  }

  @Test
  void aBlockThatDidOtherWorkFailsTheMeasurement() {
    Subject other =
        round ->
            new Subject.Block() {
              @Override
              public void run() {}

              @Override
              public void check() {
                throw new BenchException("other work");
              }
            };

    assertThatThrownBy(() -> measure(other, subject("plain", 1, 1), 1))
        .isInstanceOf(BenchException.class)
        .hasMessage("other work");
  }

  private Measured measure(Subject store, Subject plain, long seed) {
    return measure(store, plain, seed, 0);
  }

  private Measured measure(Subject store, Subject plain, long seed, long warmUpNanos) {
    return new Interleaving(meter, WARM_UP, warmUpNanos, PAIRS, seed, line -> {})
        .run(new Operation("read", 0.7, 10, () -> {}, () -> 0, store, plain));
  }

  private Subject subject(String name, long nanos, long cpuNanos) {
    return round -> {
      // Preparing a block takes time that must not count for either side.
      clock.pass(1_000_000, 1_000_000);
      return () -> {
        order.add(name);
        rounds.add(round);
        clock.pass(nanos, cpuNanos);
      };
    };
  }

  private static final class Clock {
    private long nanos = 5;
    private long cpuNanos = 7;

    void pass(long wall, long cpu) {
      nanos += wall;
      cpuNanos += cpu;
    }
  }
}
