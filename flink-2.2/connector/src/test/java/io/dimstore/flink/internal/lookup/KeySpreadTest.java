// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeySpreadTest {

  private static final int KEYS = 50_000;
  private static final int EVENTS = 600_000;

  /** A cache of the keys that were used last. */
  private static final class Cache extends LinkedHashMap<Integer, Boolean> {

    private static final long serialVersionUID = 1L;
    private final int most;

    private Cache(int most) {
      super(16, 0.75f, true);
      this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<Integer, Boolean> eldest) {
      return size() > most;
    }
  }

  private static int hash(int key) {
    return KeyPartitioner.hash(GenericRowData.of(StringData.fromString("user-" + key)));
  }

  @ParameterizedTest
  @CsvSource({"2, 2", "4, 1", "8, 1", "8, 4", "16, 1", "64, 1"})
  void loadsAreEvenAndCachesOfAPartOfTheKeysHit(int partitions, int senders) {
    ZipfKeys keys = new ZipfKeys(KEYS, 1.2);
    Random random = new Random(7);
    KeySpread[] spreads =
        IntStream.range(0, senders)
            .mapToObj(i -> new KeySpread(partitions))
            .toArray(KeySpread[]::new);
    Cache[] caches =
        IntStream.range(0, partitions)
            .mapToObj(i -> new Cache(KEYS / partitions))
            .toArray(Cache[]::new);
    long[] loads = new long[partitions];
    long[] hashed = new long[partitions];
    long hits = 0;
    for (int i = 0; i < EVENTS; i++) {
      int key = keys.at(random.nextDouble());
      int partition = spreads[i % senders].next(hash(key));
      loads[partition]++;
      hashed[spreads[0].home(hash(key))]++;
      if (caches[partition].put(key, true) != null && i >= EVENTS / 2) {
        hits++;
      }
    }
    assertThat(busiest(loads)).as("busiest by mean").isLessThan(1.2);
    assertThat(busiest(hashed)).as("one partition per key").isGreaterThan(busiest(loads));
    assertThat(hits / (EVENTS / 2.0)).as("hit rate").isGreaterThan(0.95);
  }

  private static double busiest(long[] loads) {
    return (double) Arrays.stream(loads).max().orElseThrow()
        * loads.length
        / Arrays.stream(loads).sum();
  }

  @Test
  void keyThatIsNotHotHasOnePartition() {
    KeySpread spread = new KeySpread(8);
    int[] partitions = new int[1_000];
    Arrays.fill(partitions, -1);
    for (int i = 0; i < 200_000; i++) {
      int key = i % 1_000;
      int partition = spread.next(hash(key));
      assertThat(partitions[key] == -1 || partitions[key] == partition).isTrue();
      partitions[key] = partition;
    }
  }

  @Test
  void keyIsSpreadWhileItIsHot() {
    KeySpread spread = new KeySpread(8);
    assertThat(partitionsOfKey0(spread, 2)).hasSize(8);
    partitionsOfKey0(spread, 2_000); // forgets
    assertThat(partitionsOfKey0(spread, 2_000)).hasSize(1);
  }

  /** Sends events, each n-th of which has the key 0, and returns where those of the key went. */
  private static Set<Integer> partitionsOfKey0(KeySpread spread, int n) {
    Set<Integer> found = new HashSet<>();
    for (int i = 0; i < 1_000_000; i++) {
      boolean isKey0 = i % n == 0;
      int partition = spread.next(hash(isKey0 ? 0 : 1 + i % 20_000));
      if (isKey0) {
        found.add(partition);
      }
    }
    return found;
  }

  @Test
  void hashIsTheSameInAllProcesses() {
    GenericRowData key =
        GenericRowData.of(
            StringData.fromString("u-1"),
            7L,
            null,
            new byte[] {1, 2},
            TimestampData.fromEpochMillis(1_700_000_000_000L),
            DecimalData.fromBigDecimal(new BigDecimal("1.50"), 5, 2),
            true);
    assertThat(KeyPartitioner.hash(key)).isEqualTo(HASH);
  }

  private static final int HASH = 232135472;
}
