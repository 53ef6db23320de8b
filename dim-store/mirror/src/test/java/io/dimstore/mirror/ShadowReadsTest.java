// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror;

import static io.dimstore.mirror.MirrorFixture.await;
import static io.dimstore.mirror.MirrorFixture.eventually;
import static io.dimstore.mirror.MirrorFixture.get;
import static io.dimstore.mirror.MirrorFixture.put;
import static io.dimstore.mirror.MirrorFixture.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.mirror.control.MirrorMode;
import io.dimstore.mirror.control.MirrorMode.Other;
import io.dimstore.mirror.control.MirrorMode.ShadowWith;
import io.dimstore.mirror.control.ShadowCounts;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Maintenance.Difference.Kind;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.tck.faults.CallFault;
import io.dimstore.tck.faults.FaultyStore.Call;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Comparisons of reads with the other side. */
class ShadowReadsTest {

  private static final MirrorMode WRITTEN = MirrorMode.BEFORE.withOther(Other.WRITTEN);
  private static final Map<String, String> FAST =
      Map.of("shadow.recheck-after", "20 ms", "shadow.publish-interval", "20 ms");

  private final MirrorFixture mirror = new MirrorFixture();

  @AfterEach
  void close() {
    mirror.close();
  }

  private ShadowCounts counts(String series) {
    return await(ShadowCounts.read(MirrorFixture.recordsOf(mirror.plainTo), "dim_user", series));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, MirrorMode.ALL})
  void eachClassOfDifferenceIsFoundWhicheverSideAnswers(int readsTo) {
    mirror.begin(WRITTEN.withReadsTo(readsTo).withShadow(MirrorMode.ALL, ShadowWith.OTHER, "one"));
    DimensionTable table = mirror.table(mirror.open(FAST, StoreMetrics.NONE));
    long later = System.currentTimeMillis() + 3_600_000;
    write(mirror.from(), put("missing", "x", 1), put("stale", "x", 2), put("value", "x", 1));
    write(mirror.from(), put("expiry", "x", 1), put("equal", "x", 1));
    write(mirror.to(), put("extra", "x", 1), put("stale", "x", 1), put("value", "y", 1));
    write(mirror.to(), new Put(Key.of("expiry"), Row.of("x"), 1, later), put("equal", "x", 1));
    for (String key : new String[] {"missing", "extra", "stale", "value", "expiry", "equal"}) {
      get(table, key);
    }
    get(table, "absent on both");
    eventually("all are compared", () -> counts("one").compared() == 7);
    ShadowCounts found = counts("one");
    assertThat(found.equal()).isEqualTo(2);
    assertThat(found.mismatches()).isEqualTo(5);
    for (Kind kind : new Kind[] {Kind.MISSING, Kind.EXTRA, Kind.STALE, Kind.VALUE, Kind.EXPIRY}) {
      assertThat(found.mismatchesOf(kind)).as("%s", kind).isEqualTo(1);
    }
  }

  @Test
  void thePrimaryComparedWithItselfIsEqual() {
    mirror.begin(WRITTEN.withShadow(MirrorMode.ALL, ShadowWith.PRIMARY, "noise"));
    DimensionTable table = mirror.table(mirror.open(FAST, StoreMetrics.NONE));
    write(mirror.from(), put("only-from", "x", 1));
    for (int i = 0; i < 20; i++) {
      get(table, "only-from");
    }
    eventually("all are compared", () -> counts("noise").compared() == 20);
    assertThat(counts("noise").mismatches()).isZero();
    assertThat(counts("noise").equal()).isEqualTo(20);
  }

  @Test
  void keysThatAreBeingWrittenAreNoMismatch() throws InterruptedException {
    mirror.begin(WRITTEN.withShadow(MirrorMode.ALL, ShadowWith.OTHER, "live"));
    DimensionTable writer = mirror.table(mirror.open());
    DimensionTable reader = mirror.table(mirror.open(FAST, StoreMetrics.NONE));
    AtomicBoolean running = new AtomicBoolean(true);
    Thread thread =
        new Thread(
            () -> {
              for (long version = 1; running.get(); version++) {
                write(writer, put("k" + version % 3, "v" + version, version));
              }
            });
    thread.start();
    for (int i = 0; i < 3_000; i++) {
      get(reader, "k" + i % 3);
    }
    running.set(false);
    thread.join();
    eventually(
        "all are compared or dropped",
        () -> counts("live").compared() + counts("live").dropped() == 3_000);
    assertThat(counts("live").mismatches()).isZero();
    assertThat(counts("live").equal()).isPositive();
  }

  /**
   * The other side does not answer: lookups go on, and what does not fit into the queue is lost.
   */
  @Test
  void fullQueueDropsAndCountsWithoutDelayingReads() {
    mirror.begin(WRITTEN.withShadow(MirrorMode.ALL, ShadowWith.OTHER, "full"));
    DimensionTable table =
        mirror.table(
            mirror.open(
                Map.of("shadow.queue", "10", "shadow.publish-interval", "20 ms"),
                StoreMetrics.NONE));
    get(table, "warm");
    mirror.intoTo(side -> side.inject(Call.GET, new CallFault.LetOvertake(), 1));
    for (int i = 0; i < 100; i++) {
      get(table, "k" + i);
    }
    eventually("keys are dropped", () -> counts("full").dropped() >= 89);
    mirror.heal();
    eventually(
        "every key is accounted for",
        () -> {
          ShadowCounts found = counts("full");
          return found.compared() + found.dropped() + found.failed() == 101;
        });
  }

  @Test
  void theSampleIsTheSameForEveryProcessAndAsLargeAsAsked() {
    mirror.begin(WRITTEN.withShadow(1_000, ShadowWith.OTHER, "sample"));
    for (int process = 0; process < 2; process++) {
      DimensionTable table = mirror.table(mirror.open(FAST, StoreMetrics.NONE));
      await(
          table.get(
              IntStream.range(0, 10_000).mapToObj(i -> Key.of("k" + i)).toList(),
              MirrorFixture.SPEC.all()));
      int processes = process + 1;
      eventually("the counts are published", () -> counts("sample").compared() >= 800L * processes);
    }
    eventually("both have counted all", () -> counts("sample").compared() % 2 == 0);
    assertThat(counts("sample").compared()).isBetween(1_700L, 2_300L);
  }

  @Test
  void aNewSeriesBeginsAnew() {
    mirror.begin(WRITTEN.withShadow(MirrorMode.ALL, ShadowWith.OTHER, "a"));
    DimensionTable table = mirror.table(mirror.open(FAST, StoreMetrics.NONE));
    get(table, "x");
    eventually("the first series is published", () -> counts("a").compared() == 1);
    MirrorMode next = WRITTEN.withShadow(MirrorMode.ALL, ShadowWith.OTHER, "b");
    await(mirror.modes.change(await(mirror.modes.read()), next));
    eventually(
        "the second series is published",
        () -> {
          get(table, "x");
          return counts("b").compared() > 0;
        });
  }
}
