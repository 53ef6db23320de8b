// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.memory.MemoryStores;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.types.RowKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests writers with versions assigned by arrival on a real store. Each writer's process has its
 * own clock.
 */
class ArrivalWriterTest {

  private static final long SKEW = 5_000;

  private final String instance = "arrival-" + UUID.randomUUID();
  private final ManualClock time = new ManualClock();
  private DimensionStore store;
  private DimensionTable table;
  private WriterFixture writers;

  @BeforeEach
  void open() {
    store =
        DimensionStores.open(
            "memory", Map.of("instance", instance), StoreMetrics.NONE, InstantSource.system());
    TableSpec spec = WriterFixture.LAYOUT.spec();
    store.createIfAbsent(spec).toCompletableFuture().join();
    table = store.table(spec);
    writers = new WriterFixture(time, table);
  }

  @AfterEach
  void close() {
    writers.close();
    store.close();
    MemoryStores.clear(instance);
  }

  @Test
  void otherKeysDoNotMoveTheVersionAheadOfTheClock() throws Exception {
    ManualClock.Local local = time.local(0);
    DimSinkWriter writer = writers.arrival(ArrivalClock.start(local.source(0)));
    for (int i = 0; i < 300_000; i++) {
      if (i % 1_000 == 0) {
        // There are a thousand rows per millisecond.
        time.advance(1);
      }
      write(writer, i, "old");
    }
    writer.flush(true);
    assertThat(stored(299_999).version()).isLessThanOrEqualTo(local.millis());
    DimSinkWriter next = writers.arrival(ArrivalClock.start(local.source(0)));
    write(next, 299_999, "new");
    next.flush(true);
    assertThat(text(299_999)).isEqualTo("new");
  }

  @Test
  void busyKeyIsWrittenOncePerMillisecondAndEndsAtItsLastChange() throws Exception {
    ManualClock.Local local = time.local(0);
    DimSinkWriter writer = writers.arrival(ArrivalClock.start(local.source(0)));
    long last = 0;
    for (int i = 0; i < 20_000; i++) {
      write(writer, 1, "n" + i);
      if (i % 100 == 0) {
        writer.flush(false);
        assertThat(text(1)).isEqualTo("n" + i);
        assertThat(stored(1).version()).isGreaterThan(last);
        last = stored(1).version();
      }
    }
    writer.flush(true);
    assertThat(text(1)).isEqualTo("n19999");
    assertThat(stored(1).version()).isLessThanOrEqualTo(local.millis());
  }

  @Test
  void firstChangeWaitsSoThatANewJobWinsOnASlowerClock() throws Exception {
    DimSinkWriter first = writers.arrival(ArrivalClock.start(time.local(SKEW).source(SKEW)));
    write(first, 1, "first");
    first.flush(false);
    DimSinkWriter second = writers.arrival(ArrivalClock.start(time.local(0).source(SKEW)));
    write(second, 1, "second");
    second.flush(false);
    assertThat(text(1)).isEqualTo("second");
  }

  @Test
  void changesAreWrittenWithoutAWaitOnceTheWriterHasRunForTheDifferenceOfTheClocks()
      throws Exception {
    ArrivalClock clock = ArrivalClock.start(time.local(0).source(SKEW));
    DimSinkWriter writer = writers.arrival(clock);
    time.advance(clock.maxWaitMillis());
    long before = time.trueMillis();
    write(writer, 1, "first");
    write(writer, 1, "second");
    assertThat(time.trueMillis()).isEqualTo(before);
  }

  @Test
  void waitEndsInTimeAlsoIfTheClockIsSetBackMeanwhile() throws Exception {
    ManualClock.Local local = time.local(0);
    ArrivalClock clock = ArrivalClock.start(local.source(SKEW));
    DimSinkWriter writer = writers.arrival(clock, local);
    long start = time.trueMillis();
    local.stepAfter(SKEW / 2, -3_600_000);
    write(writer, 1, "first");
    writer.flush(false);
    assertThat(time.trueMillis() - start).isBetween(SKEW, clock.maxWaitMillis() + 1);
    assertThat(text(1)).isEqualTo("first");
  }

  @Test
  void endOfInputWaitsForAClockThatWasSetBackSoThatTheNextJobWins() throws Exception {
    ManualClock.Local local = time.local(SKEW);
    DimSinkWriter first = writers.arrival(ArrivalClock.start(local.source(SKEW)));
    write(first, 1, "first");
    local.step(-SKEW);
    write(first, 1, "last");
    first.flush(true);
    DimSinkWriter second = writers.arrival(ArrivalClock.start(time.local(0).source(SKEW)));
    write(second, 1, "second");
    second.flush(true);
    assertThat(text(1)).isEqualTo("second");
  }

  /**
   * A job fails repeatedly on processes whose clocks differ, with and without a checkpoint in
   * between. After the replay, the store contains the newest change of each key.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void replayEndsWithTheNewestChangeOfEachKey(long seed) throws Exception {
    Random random = new Random(seed);
    List<Long> keysOfChanges = new ArrayList<>();
    List<ArrivalClock.State> states = null;
    int replayFrom = 0;
    for (int attempt = 0; attempt < 40; attempt++) {
      ArrivalClock.Source source = time.local(random.nextLong(SKEW + 1) - SKEW / 2).source(SKEW);
      DimSinkWriter writer =
          writers.arrival(
              states == null ? ArrivalClock.start(source) : ArrivalClock.restore(source, states));
      for (int i = replayFrom; i < keysOfChanges.size(); i++) {
        write(writer, keysOfChanges.get(i), "n" + i);
      }
      int more = 1 + random.nextInt(200);
      boolean completes = attempt % 7 == 6 || random.nextBoolean();
      for (int i = 0; i < more; i++) {
        long key = random.nextInt(10);
        keysOfChanges.add(key);
        write(writer, key, "n" + (keysOfChanges.size() - 1));
        time.advance(random.nextInt(20) == 0 ? random.nextInt(200) : 0);
        if (completes && i == more / 2) {
          writer.flush(false);
          states = writer.snapshotState(attempt);
          replayFrom = keysOfChanges.size();
        }
      }
      // The attempt fails after all of its changes were written.
      writer.flush(false);
      assertEndsWith(keysOfChanges, attempt);
      time.advance(1 + random.nextInt(3_000));
    }
  }

  @Test
  void laterChangeWinsBetweenWritersOfOneProcessFromTheStart() throws Exception {
    ManualClock.Local local = time.local(0);
    DimSinkWriter running = writers.arrival(ArrivalClock.start(local.source(SKEW)));
    write(running, 1, "first");
    running.flush(false);
    time.advance(3_600_000);
    DimSinkWriter started = writers.arrival(ArrivalClock.start(local.source(SKEW)));
    for (int i = 0; i < 100; i++) {
      DimSinkWriter writer = i % 2 == 0 ? started : running;
      write(writer, 1, "n" + i);
      writer.flush(false);
      assertThat(text(1)).isEqualTo("n" + i);
      time.advance(1);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-SKEW, -100, 100, SKEW})
  void laterChangeWinsBetweenProcessesOnceTheDifferenceOfTheirClocksHasPassed(long difference)
      throws Exception {
    DimSinkWriter running =
        writers.arrival(ArrivalClock.start(time.local(difference).source(SKEW)));
    write(running, 1, "first");
    running.flush(false);
    time.advance(3_600_000);
    DimSinkWriter started = writers.arrival(ArrivalClock.start(time.local(0).source(SKEW)));
    for (int i = 0; i < 10; i++) {
      DimSinkWriter writer = i % 2 == 0 ? started : running;
      write(writer, 1, "n" + i);
      writer.flush(false);
      assertThat(text(1)).isEqualTo("n" + i);
      time.advance(Math.abs(difference) + 1);
    }
  }

  /** A resubmitted job does not know how often the job before it restarted. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 20})
  void resubmissionWinsOverEveryAttemptSinceItsCheckpoint(int attempts) throws Exception {
    Random random = new Random(attempts);
    DimSinkWriter first = writers.arrival(ArrivalClock.start(time.local(0).source(SKEW)));
    write(first, 1, "first");
    first.flush(false);
    List<ArrivalClock.State> states = first.snapshotState(1);
    for (int attempt = 1; attempt <= attempts; attempt++) {
      ArrivalClock.Source source = time.local(random.nextLong(SKEW + 1) - SKEW / 2).source(SKEW);
      DimSinkWriter writer = writers.arrival(ArrivalClock.restore(source, states));
      write(writer, 1, "attempt " + attempt);
      writer.flush(false);
      assertThat(text(1)).isEqualTo("attempt " + attempt);
      time.advance(random.nextInt(3_000));
    }
    DimSinkWriter resubmitted =
        writers.arrival(ArrivalClock.restore(time.local(-SKEW / 2).source(SKEW), states));
    write(resubmitted, 1, "resubmitted");
    resubmitted.flush(false);
    assertThat(text(1)).isEqualTo("resubmitted");
  }

  private void assertEndsWith(List<Long> keysOfChanges, int attempt) {
    Map<Long, String> expected = new HashMap<>();
    for (int i = 0; i < keysOfChanges.size(); i++) {
      expected.put(keysOfChanges.get(i), "n" + i);
    }
    expected.forEach(
        (key, text) ->
            assertThat(text(key)).as("key %d after attempt %d", key, attempt).isEqualTo(text));
  }

  private static void write(DimSinkWriter writer, long key, String text) throws Exception {
    writer.write(
        GenericRowData.ofKind(RowKind.INSERT, key, StringData.fromString(text), null), null);
  }

  private Put stored(long key) {
    return table
        .get(List.of(Key.of(key)), WriterFixture.LAYOUT.spec().all())
        .toCompletableFuture()
        .join()
        .get(0);
  }

  private String text(long key) {
    return (String) stored(key).row().get(0);
  }
}
