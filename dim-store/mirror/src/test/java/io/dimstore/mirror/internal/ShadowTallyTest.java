// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.memory.MemoryStores;
import io.dimstore.mirror.control.ShadowCounts;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.Maintenance.Difference.Kind;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.StoreMetrics;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The dates of the counts of shadow reads. */
class ShadowTallyTest {

  private static final String INSTANCE = "shadow-tally";
  private static final long HOUR = 3_600_000;

  private final DimensionStore store =
      DimensionStores.open(
          "memory", Map.of("instance", INSTANCE), StoreMetrics.NONE, InstantSource.system());
  private final SharedRecords records = store.capability(SharedRecords.class).orElseThrow();
  private long now = 1_000_000_000_000L;

  @AfterEach
  void close() {
    store.close();
    MemoryStores.clear(INSTANCE);
  }

  private ShadowTally process(String name) {
    ShadowTally tally = new ShadowTally("t", name, records, StoreMetrics.NONE, () -> now);
    tally.beginSeries("s");
    return tally;
  }

  private ShadowCounts since(long notBefore) {
    return ShadowCounts.read(records, "t", "s", notBefore).toCompletableFuture().join();
  }

  private static void publish(ShadowTally tally) {
    tally.publish().toCompletableFuture().join();
  }

  /** One comparison now must not make those of two hours ago look young. */
  @Test
  void oldCountsStayOldWhateverIsPublishedLater() {
    ShadowTally tally = process("a");
    tally.mismatch(Kind.STALE);
    tally.equal();
    publish(tally);
    now += 2 * HOUR;
    tally.equal();
    publish(tally);
    ShadowCounts young = since(now - HOUR);
    assertThat(young.compared()).isEqualTo(1);
    assertThat(young.mismatches()).isZero();
    assertThat(young.sinceMillis()).isEqualTo(now);
    assertThat(since(0).compared()).isEqualTo(3);
  }

  @Test
  void countsOfAProcessThatDiedCountUntilTheyAreOld() {
    ShadowTally died = process("died");
    died.equal();
    publish(died);
    now += HOUR / 2;
    ShadowTally alive = process("alive");
    alive.equal();
    publish(alive);
    assertThat(since(now - HOUR).compared()).isEqualTo(2);
    now += HOUR * 3 / 4;
    assertThat(since(now - HOUR).compared()).isEqualTo(1);
  }

  @Test
  void oldestWindowsAreAddedUpAndKeepTheOldestDate() {
    ShadowTally tally = process("a");
    long began = now;
    int windows = ShadowTally.MOST_WINDOWS * 3;
    for (int i = 0; i < windows; i++) {
      tally.equal();
      now += ShadowTally.WINDOW_MILLIS - 1;
      tally.equal();
      now += 1;
    }
    publish(tally);
    assertThat(tally.counts().windows()).hasSize(ShadowTally.MOST_WINDOWS);
    assertThat(since(0).compared()).isEqualTo(2L * windows);
    assertThat(since(0).sinceMillis()).isEqualTo(began);
    assertThat(since(began + 1).compared()).isEqualTo(2L * (ShadowTally.MOST_WINDOWS - 1));
  }

  @Test
  void clockThatIsSetBackBeginsAWindow() {
    ShadowTally tally = process("a");
    tally.equal();
    now -= HOUR;
    tally.equal();
    publish(tally);
    assertThat(tally.counts().windows()).hasSize(2);
    assertThat(since(now + 1).compared()).isEqualTo(1);
  }
}
