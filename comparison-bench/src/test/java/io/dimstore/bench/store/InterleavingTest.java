package io.dimstore.bench.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dimstore.bench.store.Interleaving.Measured;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InterleavingTest {

  private static final int WARM_UP = 4;
  private static final int PAIRS = 20;

  private final Clock clock = new Clock();
  private final List<String> order = new ArrayList<>();
  private final List<Long> rounds = new ArrayList<>();

  @Test
  void aStoreThatTakesTwiceAsLongHasHalfTheSpeed() {
    Measured measured = measure(side("store", 200, 60), side("plain", 100, 20), 1);

    assertThat(measured.ratios()).hasSize(PAIRS).containsOnly(0.5);
    assertThat(measured.noise()).hasSize(PAIRS).containsOnly(1.0);
  }

  @Test
  void cpuIsPerRowAndOfEachSideAlone() {
    Measured measured = measure(side("store", 200, 60_000), side("plain", 100, 20_000), 1);

    assertThat(measured.storeCpuMicros()).isCloseTo(6, within(1e-9));
    assertThat(measured.baselineCpuMicros()).isCloseTo(2, within(1e-9));
  }

  @Test
  void theBlocksThatWarmUpAreDropped() {
    int[] runs = new int[1];
    Side store =
        round ->
            () -> {
              boolean isWarm = runs[0]++ >= WARM_UP;
              clock.pass(isWarm ? 100 : 100_000, 1);
            };

    assertThat(measure(store, side("plain", 100, 1), 1).ratios()).containsOnly(1.0);
  }

  @Test
  void itWarmsUpForAsLongAsItIsTold() {
    int[] runs = new int[1];
    Side store =
        round ->
            () -> {
              boolean isWarm = runs[0]++ >= 10 * WARM_UP;
              clock.pass(isWarm ? 100 : 100_000, 1);
            };

    List<Double> ratios =
        measure(store, side("plain", 100, 1), 1, 10 * WARM_UP * 1_100_000L).ratios();

    assertThat(ratios).hasSize(PAIRS).containsOnly(1.0);
  }

  @Test
  void theTwoOfAPairAreNeighboursInEitherOrderAndDoTheSameRound() {
    measure(side("store", 1, 1), side("plain", 1, 1), 1);

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
    measure(side("store", 1, 1), side("plain", 1, 1), 1);
    List<String> first = List.copyOf(order);
    order.clear();
    measure(side("store", 1, 1), side("plain", 1, 1), 1);
    assertThat(order).isEqualTo(first);
    order.clear();
    measure(side("store", 1, 1), side("plain", 1, 1), 2);
    assertThat(order).isNotEqualTo(first);
  }

  @Test
  void aBlockThatDidOtherWorkFailsTheMeasurement() {
    Side other =
        round ->
            new Side.Block() {
              @Override
              public void run() {}

              @Override
              public void check() {
                throw new BenchException("other work");
              }
            };

    assertThatThrownBy(() -> measure(other, side("plain", 1, 1), 1))
        .isInstanceOf(BenchException.class)
        .hasMessage("other work");
  }

  private Measured measure(Side store, Side plain, long seed) {
    return measure(store, plain, seed, 0);
  }

  private Measured measure(Side store, Side plain, long seed, long warmUpNanos) {
    return new Interleaving(clock, WARM_UP, warmUpNanos, PAIRS, seed, line -> {})
        .run(new Operation("read", 0.7, 10, () -> {}, () -> 0, store, plain));
  }

  private Side side(String name, long nanos, long cpuNanos) {
    return round -> {
      // Making a block ready takes time that is nobody's.
      clock.pass(1_000_000, 1_000_000);
      return () -> {
        order.add(name);
        rounds.add(round);
        clock.pass(nanos, cpuNanos);
      };
    };
  }

  private static final class Clock implements Stopwatch {
    private long nanos = 5;
    private long cpuNanos = 7;

    void pass(long wall, long cpu) {
      nanos += wall;
      cpuNanos += cpu;
    }

    @Override
    public long nanos() {
      return nanos;
    }

    @Override
    public long cpuNanos() {
      return cpuNanos;
    }
  }
}
