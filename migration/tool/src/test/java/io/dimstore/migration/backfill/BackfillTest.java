// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.backfill;

import static io.dimstore.migration.store.MemoryTables.content;
import static io.dimstore.migration.store.MemoryTables.row;
import static io.dimstore.migration.store.MemoryTables.side;
import static io.dimstore.migration.store.MemoryTables.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimstore.migration.store.Calls;
import io.dimstore.migration.store.Clock;
import io.dimstore.migration.store.MapRecords;
import io.dimstore.migration.store.MemoryTables;
import io.dimstore.migration.store.Side;
import io.dimstore.migration.store.TableProxy;
import io.dimstore.migration.store.TestClock;
import io.dimstore.migration.verify.Difference;
import io.dimstore.migration.verify.Verify;
import io.dimstore.migration.verify.VerifyListener;
import io.dimstore.migration.verify.VerifyResult;
import io.dimstore.migration.verify.VerifySettings;
import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.SharedRecord;
import io.dimstore.spi.SharedRecordPage;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.UnreadableRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackfillTest {

  private static final int ROWS = 2_000;

  private final MemoryTables tables = new MemoryTables();
  private final MapRecords records = new MapRecords();
  private final Calls calls = new Calls(Clock.SYSTEM, Duration.ZERO);
  private final long now = System.currentTimeMillis();

  @AfterEach
  void close() {
    tables.close();
  }

  private static BackfillSettings settings(int parallelism) {
    return new BackfillSettings(
        16,
        parallelism,
        50,
        3,
        0,
        1,
        Duration.ofSeconds(4),
        Duration.ofSeconds(2),
        Duration.ofMinutes(10),
        0,
        20,
        Duration.ofMinutes(1));
  }

  private static BackfillResult run(Side from, Side to, SharedRecords records)
      throws InterruptedException {
    return new Backfill(from, to, records, settings(2), BackfillListener.NONE, new TestClock())
        .run(false);
  }

  private VerifyResult verify() throws InterruptedException {
    return new Verify(tables.fromSide(), tables.toSide(), quick(), VerifyListener.NONE).run();
  }

  private static VerifySettings quick() {
    VerifySettings d = VerifySettings.defaults();
    return new VerifySettings(
        8,
        1,
        500,
        1 << 10,
        10_000,
        Duration.ofMillis(1),
        Duration.ZERO,
        3,
        10_000,
        100,
        d.tombstoneRetention(),
        0,
        Duration.ofSeconds(10),
        0,
        20);
  }

  @Test
  void copiesRowsTombstonesVersionsAndExpiries() throws Exception {
    write(tables.from(), MemoryTables.mixed(ROWS, now));
    BackfillResult result = run(tables.fromSide(), tables.toSide(), records);
    assertThat(result.state()).isEqualTo(BackfillResult.State.COMPLETE);
    assertThat(result.rows()).isEqualTo(ROWS * 8 / 10);
    assertThat(result.tombstones()).isEqualTo(ROWS * 2 / 10);
    assertThat(content(tables.to())).isEqualTo(content(tables.from())).hasSize(ROWS);
    assertThat(verify().verdict()).isEqualTo(VerifyResult.Verdict.EQUAL);
    ObjectMapper json = new ObjectMapper();
    assertThat(json.readValue(json.writeValueAsString(result), BackfillResult.class))
        .isEqualTo(result);
  }

  @Test
  void newerChangesOfTheTargetStand() throws Exception {
    write(tables.from(), row(1, "old", now), row(2, "old", now), row(3, "old", now));
    write(tables.to(), row(1, "live", now + 1), new Delete(Key.of("k2"), now + 1));
    run(tables.fromSide(), tables.toSide(), records);
    assertThat(content(tables.to()))
        .containsEntry("[k1]", row(1, "live", now + 1))
        .containsEntry("[k2]", new Delete(Key.of("k2"), now + 1))
        .containsEntry("[k3]", row(3, "old", now));
  }

  /** Simulates the end of the process: nothing is released, reported or retried. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** Kills the process at one of its calls, before or after the call took effect. */
  private static final class Killer {
    private final AtomicInteger left;
    private final boolean after;

    Killer(int calls, boolean after) {
      this.left = new AtomicInteger(calls);
      this.after = after;
    }

    <T> CompletionStage<T> call(java.util.function.Supplier<CompletionStage<T>> work) {
      int number = left.decrementAndGet();
      if (number < 0 || (number == 0 && !after)) {
        throw new Killed();
      }
      CompletionStage<T> stage = work.get();
      if (number == 0) {
        throw new Killed();
      }
      return stage;
    }

    Side target(Side side) {
      return new Side(
          side.name(),
          side.spec(),
          new TableProxy(side.table()) {
            @Override
            public CompletionStage<Void> write(List<Change> changes) {
              return call(() -> super.write(changes));
            }
          });
    }

    SharedRecords records(SharedRecords inner) {
      return new SharedRecords() {
        @Override
        public CompletionStage<Optional<SharedRecord>> read(String name) {
          return call(() -> inner.read(name));
        }

        @Override
        public CompletionStage<Boolean> replace(String name, long revision, String content) {
          return call(() -> inner.replace(name, revision, content));
        }

        @Override
        public CompletionStage<SharedRecordPage> list(String prefix, String after, int most) {
          return call(() -> inner.list(prefix, after, most));
        }
      };
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void killedAtRandomPointsItContinuesAndLosesNothing(long seed) throws Exception {
    Random random = new Random(seed);
    write(tables.from(), MemoryTables.mixed(ROWS, now));
    BackfillResult result = null;
    int kills = 0;
    while (result == null) {
      Killer killer = new Killer(random.nextInt(90) + 1, random.nextBoolean());
      try {
        result =
            new Backfill(
                    tables.fromSide(),
                    killer.target(tables.toSide()),
                    killer.records(records),
                    settings(1 + random.nextInt(2)),
                    BackfillListener.NONE,
                    new TestClock())
                .run(false);
      } catch (Killed e) {
        kills++;
        assertThat(kills).isLessThan(200);
      }
    }
    assertThat(kills).isPositive();
    assertThat(result.rows() + result.tombstones())
        .as("each entry counts once, although pages were copied again")
        .isEqualTo(ROWS);
    assertThat(content(tables.to())).isEqualTo(content(tables.from()));
  }

  @Test
  void severalProcessesShareTheSplits() throws Exception {
    write(tables.from(), MemoryTables.mixed(ROWS, now));
    AtomicInteger pages = new AtomicInteger();
    DimensionTable counted =
        new TableProxy(tables.to()) {
          @Override
          public CompletionStage<Void> write(List<Change> changes) {
            pages.getAndIncrement();
            return super.write(changes);
          }
        };
    ExecutorService processes = Executors.newFixedThreadPool(3);
    try {
      List<Future<BackfillResult>> results = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        // A clock whose pauses take no time would end the leases of processes that still work.
        results.add(
            processes.submit(
                () ->
                    new Backfill(
                            tables.fromSide(),
                            side("to", counted),
                            records,
                            settings(2),
                            BackfillListener.NONE)
                        .run(false)));
      }
      long copied = 0;
      for (Future<BackfillResult> each : results) {
        copied += each.get().entriesByThisProcess();
        assertThat(each.get().rows() + each.get().tombstones()).isEqualTo(ROWS);
      }
      assertThat(copied).as("no split was copied twice").isEqualTo(ROWS);
    } finally {
      processes.shutdownNow();
    }
    assertThat(content(tables.to())).isEqualTo(content(tables.from()));
  }

  /** Copies in virtual time: a page takes half a second, and so does nothing else. */
  @Test
  void copyGoesSlowlyWhileLookupsAreSlowAndAtItsOldRateAfterwards() throws Exception {
    TestClock clock = new TestClock();
    long second = Duration.ofSeconds(1).toNanos();
    LongPredicate isSlow = at -> at >= 30 * second && at < 70 * second;
    write(tables.from(), MemoryTables.mixed(20_000, now));
    DimensionTable from =
        new TableProxy(tables.from()) {
          @Override
          public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
            clock.advance(Duration.ofMillis(isSlow.test(clock.nanos()) ? 10 : 1).toNanos());
            return super.get(keys, columns);
          }
        };
    DimensionTable to =
        new TableProxy(tables.to()) {
          @Override
          public CompletionStage<Void> write(List<Change> changes) {
            try {
              clock.pause(second / 2);
            } catch (InterruptedException e) {
              return CompletableFuture.failedFuture(e);
            }
            return super.write(changes);
          }
        };
    Map<Integer, Long> copied = new ConcurrentSkipListMap<>();
    BackfillResult result =
        new Backfill(
                side("from", from),
                side("to", to),
                records,
                guarded(),
                (entries, done, splits, share) ->
                    copied.put((int) (clock.nanos() / second), entries),
                clock)
            .run(false);

    assertThat(content(tables.to())).isEqualTo(content(tables.from()));
    double normal = rate(copied, 10, 30);
    assertThat(normal).as("rows/s before: pages of 50 rows").isBetween(90.0, 110.0);
    assertThat(rate(copied, 60, 70)).as("rows/s while lookups are slow").isLessThan(normal / 16);
    assertThat(rate(copied, 170, 190)).as("rows/s afterwards").isBetween(90.0, 110.0);
    assertThat(result.impact().baselineMicros()).isEqualTo(1_000);
    assertThat(result.impact().leastSharePercent()).isLessThanOrEqualTo(3);
    assertThat(result.impact().sharePercent()).isEqualTo(100);
  }

  /** Returns the rows per second between two seconds of virtual time. */
  private static double rate(Map<Integer, Long> copied, int from, int to) {
    return (double) (copiedBefore(copied, to) - copiedBefore(copied, from)) / (to - from);
  }

  private static long copiedBefore(Map<Integer, Long> copied, int second) {
    return copied.entrySet().stream()
        .filter(each -> each.getKey() < second)
        .mapToLong(Map.Entry::getValue)
        .max()
        .orElse(0);
  }

  private static BackfillSettings guarded() {
    return new BackfillSettings(
        1,
        1,
        50,
        1,
        0,
        1,
        Duration.ofMinutes(20),
        Duration.ofMinutes(10),
        Duration.ofMinutes(10),
        2,
        20,
        Duration.ZERO);
  }

  @Test
  void secondRunCopiesNothingAndRestartCopiesAllAgain() throws Exception {
    write(tables.from(), MemoryTables.mixed(ROWS, now));
    BackfillResult first = run(tables.fromSide(), tables.toSide(), records);
    BackfillResult second = run(tables.fromSide(), tables.toSide(), records);
    assertThat(second.entriesByThisProcess()).isZero();
    assertThat(second.rows()).isEqualTo(first.rows());
    BackfillResult third =
        new Backfill(
                tables.fromSide(),
                tables.toSide(),
                records,
                settings(1),
                BackfillListener.NONE,
                new TestClock())
            .run(true);
    assertThat(third.entriesByThisProcess()).isEqualTo(ROWS);
    assertThat(third.plan()).isNotEqualTo(first.plan());
  }

  @Test
  void ledgerOfOtherTablesIsRefused() throws Exception {
    run(tables.fromSide(), tables.toSide(), records);
    Side other = side("other", tables.from());
    assertThatThrownBy(() -> run(other, tables.toSide(), records))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("memory-other:dim_thing");
  }

  @Test
  void rowsThatAreNotCopiedAreInTheResultAndInTheLedger() throws Exception {
    List<Change> rows = MemoryTables.mixed(ROWS, now);
    write(tables.from(), rows);
    Key corrupt = Key.of("k1");
    Set<Key> tooLarge = Set.of(Key.of("k2"), Key.of("k1004"));
    DimensionTable from =
        new TableProxy(tables.from()) {
          @Override
          public CompletionStage<ScanPage> scan(ScanSplit split, int maxEntries) {
            return super.scan(split, maxEntries)
                .thenApply(
                    page -> {
                      List<Change> readable = new ArrayList<>(page.changes());
                      boolean found = readable.removeIf(each -> each.key().equals(corrupt));
                      return new ScanPage(
                          readable,
                          found ? List.of(new UnreadableRow(corrupt, "damaged")) : List.of(),
                          page.remaining());
                    });
          }
        };
    DimensionTable to =
        new TableProxy(tables.to()) {
          @Override
          public CompletionStage<Void> write(List<Change> changes) {
            List<Key> refused =
                changes.stream().map(Change::key).filter(tooLarge::contains).toList();
            return refused.isEmpty()
                ? super.write(changes)
                : CompletableFuture.failedFuture(StoreException.invalid("too large", refused));
          }
        };
    BackfillResult result = run(side("from", from), side("to", to), records);
    assertThat(result.state()).isEqualTo(BackfillResult.State.ROWS_NOT_COPIED);
    assertThat(result.unreadable()).isEqualTo(1);
    assertThat(result.refused()).isEqualTo(2);
    assertThat(result.problems())
        .containsExactlyInAnyOrder(
            new SplitProgress.Problem("[k1]", "damaged"),
            new SplitProgress.Problem("[k2]", "too large"),
            new SplitProgress.Problem("[k1004]", "too large"));
    assertThat(result.rows() + result.tombstones()).isEqualTo(ROWS - 3);
    assertThat(content(tables.to())).hasSize(ROWS - 3);
    BackfillResult again = run(side("from", from), side("to", to), records);
    assertThat(again.state()).as("the ledger remembers").isEqualTo(result.state());
  }

  @Test
  void failedCallIsRepeatedUntilTheServerIsBack() throws Exception {
    write(tables.from(), MemoryTables.mixed(ROWS, now));
    AtomicInteger failures = new AtomicInteger(20);
    DimensionTable away =
        new TableProxy(tables.to()) {
          @Override
          public CompletionStage<Void> write(List<Change> changes) {
            if (failures.decrementAndGet() < 0) {
              return super.write(changes);
            }
            // A part is applied before the failure.
            return super.write(changes.subList(0, changes.size() / 2))
                .thenCompose(
                    done ->
                        CompletableFuture.failedFuture(
                            new StoreException(StoreException.Kind.UNAVAILABLE, "away")));
          }
        };
    Side to = side("to", away);
    BackfillResult result = run(tables.fromSide(), to, records);
    assertThat(result.state()).isEqualTo(BackfillResult.State.COMPLETE);
    assertThat(content(tables.to())).isEqualTo(content(tables.from()));
  }

  @Test
  void failureBeyondThePatienceEndsTheRunAndGivesTheSplitBack() throws Exception {
    write(tables.from(), MemoryTables.mixed(ROWS, now));
    DimensionTable gone =
        new TableProxy(tables.to()) {
          @Override
          public CompletionStage<Void> write(List<Change> changes) {
            return CompletableFuture.failedFuture(
                new StoreException(StoreException.Kind.UNAVAILABLE, "gone"));
          }
        };
    assertThatThrownBy(() -> run(tables.fromSide(), side("to", gone), records))
        .isInstanceOf(StoreException.class)
        .hasMessage("gone");
    RangeLedger ledger = Backfill.ledger(records, tables.toSide(), calls);
    assertThat(ledger.progress(ledger.run())).noneMatch(split -> split.isDone());
    assertThat(ledger.progress(ledger.run()).stream().map(SplitProgress::owner))
        .as("no lease has to end")
        .containsOnlyNulls();
  }

  @Test
  void skippedRangeOfTheLedgerIsFoundByVerify() throws Exception {
    write(tables.from(), MemoryTables.mixed(ROWS, now));
    RangeLedger ledger = Backfill.ledger(records, tables.toSide(), calls);
    Backfill first =
        new Backfill(
            tables.fromSide(),
            side(
                "to",
                new TableProxy(tables.to()) {
                  @Override
                  public CompletionStage<Void> write(List<Change> changes) {
                    return CompletableFuture.failedFuture(
                        new StoreException(StoreException.Kind.DENIED, "not yet"));
                  }
                }),
            records,
            settings(1),
            BackfillListener.NONE,
            new TestClock());
    assertThatThrownBy(() -> first.run(false)).hasMessage("not yet");
    BackfillRun run = ledger.run();
    RangeLedger.Entry fifth = ledger.entry(run, 5);
    SplitProgress skipped =
        new SplitProgress(
            RangeLedger.FORMAT, 5, null, 0, 0, 0, 0, List.of(), null, System.currentTimeMillis());
    assertThat(ledger.save(run, fifth.revision(), skipped)).isPositive();
    BackfillResult result =
        new Backfill(
                tables.fromSide(),
                side("to", tables.to()),
                records,
                settings(1),
                BackfillListener.NONE,
                new TestClock())
            .run(false);
    assertThat(result.state()).isEqualTo(BackfillResult.State.COMPLETE);
    VerifyResult verified = verify();
    assertThat(verified.differences()).containsOnlyKeys(Difference.Kind.MISSING);
    assertThat(verified.differentKeys())
        .isEqualTo(ROWS - result.rows() - result.tombstones())
        .isPositive();
  }

  /** Two puts of one version, as a client of HBase makes them within a millisecond. */
  @Test
  void rowReplacedAtItsOwnVersionWhileItIsCopiedIsCopiedAgain() throws Exception {
    long young = System.currentTimeMillis();
    write(tables.from(), row(1, "first", young));
    Map<Key, Boolean> replaced = new ConcurrentHashMap<>();
    DimensionTable to =
        new TableProxy(tables.to()) {
          @Override
          public CompletionStage<Void> write(List<Change> changes) {
            if (replaced.put(Key.of("k1"), true) == null) {
              // Both stores get the second row before the copy of the first one arrives.
              MemoryTables.write(tables.from(), row(1, "second", young));
              MemoryTables.write(inner, row(1, "second", young));
            }
            return super.write(changes);
          }
        };
    run(tables.fromSide(), side("to", to), records);
    Change copied = content(tables.to()).get("[k1]");
    assertThat(((Put) copied).row().get(0)).isEqualTo("second");
  }

  @Test
  void splitOfASilentProcessIsTakenWhenItsLeaseIsOver() throws Exception {
    write(tables.from(), MemoryTables.mixed(ROWS, now));
    TestClock clock = new TestClock();
    RangeLedger ledger = Backfill.ledger(records, tables.toSide(), calls);
    BackfillRun run =
        ledger.begin(
            new BackfillRun(
                RangeLedger.FORMAT,
                "",
                0,
                "memory-from:dim_thing",
                "memory-to:dim_thing",
                io.dimstore.migration.hash.RowHash.layoutOf(MemoryTables.SPEC),
                0),
            false,
            () ->
                tables
                    .from()
                    .splits(
                        4,
                        new io.dimstore.spi.ScanOptions(MemoryTables.SPEC.all(), null, null, true))
                    .toCompletableFuture()
                    .join());
    Claims silent = new Claims(ledger, run, "silent", clock, Duration.ofSeconds(30));
    assertThat(silent.next("silent")).isNotNull();
    long begin = clock.nanos();
    BackfillResult result =
        new Backfill(
                tables.fromSide(),
                tables.toSide(),
                records,
                new BackfillSettings(
                    4,
                    1,
                    100,
                    2,
                    0,
                    1,
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(15),
                    Duration.ofSeconds(10),
                    0,
                    20,
                    Duration.ZERO),
                BackfillListener.NONE,
                clock)
            .run(false);
    assertThat(Duration.ofNanos(clock.nanos() - begin))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(30));
    assertThat(result.rows() + result.tombstones()).isEqualTo(ROWS);
  }

  @Test
  void workerThatLostItsSplitStopsAndChangesNothingInTheLedger() throws Exception {
    write(tables.from(), MemoryTables.mixed(ROWS, now));
    RangeLedger ledger = Backfill.ledger(records, tables.toSide(), calls);
    TestClock clock = new TestClock();
    BackfillRun run =
        ledger.begin(
            new BackfillRun(RangeLedger.FORMAT, "", 0, "a", "b", "c", 0),
            false,
            () -> List.of(new ScanSplit("one")));
    Claims first = new Claims(ledger, run, "first", clock, Duration.ofSeconds(30));
    Claims.Claim lost = first.next("first");
    Claims second = new Claims(ledger, run, "second", clock, Duration.ofSeconds(30));
    Claims.Claim taken = second.next("second");
    SplitProgress.PageResult page = new SplitProgress.PageResult(7, 0, 0, 0, List.of());
    assertThat(taken.advance(page, "rest", 0)).isTrue();
    assertThat(lost.advance(page, null, 0)).isFalse();
    lost.renew();
    lost.release();
    SplitProgress held = ledger.entry(run, 0).progress();
    assertThat(held.owner()).isEqualTo("second");
    assertThat(held.token()).isEqualTo("rest");
    assertThat(held.rows()).isEqualTo(7);
  }
}
