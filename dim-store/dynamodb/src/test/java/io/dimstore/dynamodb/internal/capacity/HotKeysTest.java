// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.StoreMetrics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class HotKeysTest {

  private static final int KEYS = 100_000;

  private final VirtualTime time = new VirtualTime();
  private final Map<String, String> reported = new TreeMap<>();
  private final StoreMetrics metrics =
      new StoreMetrics() {
        @Override
        public void request(Request request) {}

        @Override
        public void gauge(String name, long value) {
          reported.put(name, Long.toString(value));
        }

        @Override
        public void note(String name, String text) {
          reported.put(name, text);
        }
      };

  /** Draws from Zipf's distribution with exponent 1 by its cumulative sums. */
  private static int[] zipf(int draws, long seed) {
    double[] sums = new double[KEYS];
    double sum = 0;
    for (int i = 0; i < KEYS; i++) {
      sum += 1.0 / (i + 1);
      sums[i] = sum;
    }
    Random random = new Random(seed);
    int[] drawn = new int[draws];
    for (int i = 0; i < draws; i++) {
      int found = java.util.Arrays.binarySearch(sums, random.nextDouble() * sum);
      drawn[i] = found < 0 ? -found - 1 : found;
    }
    return drawn;
  }

  @Test
  void theHottestKeysOfAMillionAreFoundWithBoundsOfTheirCounts() {
    long seed = 42;
    HotKeys hot = new HotKeys();
    Map<Object, Integer> exact = new HashMap<>();
    for (int key : zipf(1_000_000, seed)) {
      hot.add(key, 1);
      exact.merge(key, 1, Integer::sum);
    }
    List<HotKeys.Hot> top = hot.top(10);
    assertThat(top.stream().map(HotKeys.Hot::key))
        .as("seed %d", seed)
        .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    for (HotKeys.Hot one : top) {
      int real = exact.get(one.key());
      assertThat(one.weight()).isGreaterThanOrEqualTo(real);
      assertThat(one.weight() - one.error()).isLessThanOrEqualTo(real);
    }
    assertThat(hot.top(KEYS)).as("memory is bounded").hasSize(HotKeys.COUNTERS);
    assertThat(top.get(0).share()).isBetween(0.08, 0.095);
  }

  @Test
  void formerlyHotKeysAreReplaced() {
    HotKeys hot = new HotKeys();
    hot.add("old", 1_000);
    for (int i = 0; i < 10; i++) {
      hot.age();
    }
    hot.add("new", 10);
    assertThat(hot.top(1)).singleElement().extracting(HotKeys.Hot::key).isEqualTo("new");
  }

  private HotKeyReport report(boolean shown) {
    return new HotKeyReport("dim_user", "read", shown, metrics, time::nanos);
  }

  @Test
  void keysAreReportedIfTheOptionIsSet() {
    HotKeyReport report = report(true);
    report.add(Map.of("user_id", AttributeValue.fromS("u-17")), 30);
    report.add(Map.of("user_id", AttributeValue.fromN("4")), 10);
    time.advance(9);
    report.reportIfDue();
    assertThat(reported).isEmpty();
    time.advance(2);
    report.reportIfDue();
    assertThat(reported)
        .containsEntry("hot-keys.read.dim_user", "(u-17) 75.0 %, (4) 25.0 %")
        .containsEntry("hot-keys.read.hottest-percent.dim_user", "75");
  }

  @Test
  void withoutTheOptionNoKeyIsReportedAndCountingBeginsWithTheFirstThrottle() {
    HotKeyReport report = report(false);
    report.add("u-17", 30);
    assertThat(report.isCounting()).isFalse();
    report.partitionThrottled();
    assertThat(reported).isEmpty();
    report.add("u-17", 30);
    report.add("u-18", 10);
    report.partitionThrottled();
    assertThat(reported).isEqualTo(Map.of("hot-keys.read.hottest-percent.dim_user", "75"));
  }
}
