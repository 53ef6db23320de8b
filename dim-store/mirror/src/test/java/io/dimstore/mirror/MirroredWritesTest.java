// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror;

import static io.dimstore.mirror.MirrorFixture.await;
import static io.dimstore.mirror.MirrorFixture.change;
import static io.dimstore.mirror.MirrorFixture.contents;
import static io.dimstore.mirror.MirrorFixture.eventually;
import static io.dimstore.mirror.MirrorFixture.get;
import static io.dimstore.mirror.MirrorFixture.intents;
import static io.dimstore.mirror.MirrorFixture.pending;
import static io.dimstore.mirror.MirrorFixture.put;
import static io.dimstore.mirror.MirrorFixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.mirror.control.MirrorMode;
import io.dimstore.mirror.control.MirrorMode.Other;
import io.dimstore.spi.BoundedScans;
import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoredChanges;
import io.dimstore.tck.faults.CallFault;
import io.dimstore.tck.faults.FaultyStore.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Writes to both sides while one of them fails. */
class MirroredWritesTest {

  private static final MirrorMode WRITTEN = MirrorMode.BEFORE.withOther(Other.WRITTEN);
  private static final Map<String, String> NOT_RECONCILED = Map.of("reconcile.interval", "1 h");

  private final MirrorFixture mirror = new MirrorFixture();

  @AfterEach
  void close() {
    mirror.close();
  }

  private DimensionTable unreconciled() {
    return mirror.table(mirror.open(NOT_RECONCILED, StoreMetrics.NONE));
  }

  @Test
  void withoutARecordOnlyFromIsWritten() {
    write(mirror.table(mirror.open()), put("k", "x", 1));
    assertThat(contents(mirror.from())).hasSize(1);
    assertThat(contents(mirror.to())).isEmpty();
  }

  @Test
  void bothSidesHaveTheVersionsAndTombstones() {
    mirror.begin(WRITTEN);
    DimensionTable table = mirror.table(mirror.open());
    write(table, put("a", "x", 7), new Delete(Key.of("b"), 9));
    assertThat(contents(mirror.to())).hasSize(2);
    mirror.assertInStep();
    assertThat(pending(table)).isZero();
  }

  @Test
  void whileTheOtherSideIsDownWritesSucceedAndAreCopiedLater() {
    mirror.begin(WRITTEN);
    DimensionTable table = mirror.table(mirror.open());
    mirror.intoTo(to -> to.inject(Call.WRITE, new CallFault.Fail(Kind.UNAVAILABLE), 1));
    for (int i = 0; i < 200; i++) {
      write(table, change("k" + i % 50, i));
    }
    assertThat(pending(table)).isEqualTo(200);
    assertThat(contents(mirror.to())).isEmpty();
    mirror.heal();
    eventually("the intents are reconciled", () -> pending(table) == 0);
    assertThat(contents(mirror.to())).hasSize(50);
    mirror.assertInStep();
  }

  @Test
  void aSideThatDoesNotAnswerDelaysWritesByItsTimeoutAtMostAFewTimes() {
    mirror.begin(WRITTEN);
    DimensionTable table = mirror.table(mirror.open(NOT_RECONCILED, StoreMetrics.NONE));
    mirror.intoTo(to -> to.inject(Call.WRITE, new CallFault.LetOvertake(), 1));
    for (int i = 0; i < 20; i++) {
      write(table, put("k" + i, "x", 1));
    }
    assertThat(pending(table)).isEqualTo(20);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void noWriteIsLostUnderRandomFaultsOfTheOtherSide(long seed) {
    mirror.begin(WRITTEN);
    List<DimensionTable> writers = new ArrayList<>();
    // The memory store has no cache that could answer that a row is absent.
    Map<String, String> uncached = Map.of("reconcile.absent-after", "0 ms");
    for (int i = 0; i < 3; i++) {
      writers.add(mirror.table(mirror.open(uncached, StoreMetrics.NONE)));
    }
    mirror.intoTo(
        to -> {
          to.inject(Call.WRITE, new CallFault.Fail(Kind.UNAVAILABLE), 0.15);
          to.inject(Call.WRITE, new CallFault.LoseAnswer(Kind.TIMEOUT), 0.1);
          to.inject(Call.WRITE, new CallFault.ApplyHalf(Kind.THROTTLED), 0.1);
        });
    Random random = new Random(seed);
    List<CompletionStage<Void>> writes = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      List<Change> batch = new ArrayList<>();
      for (int k = 0; k < 1 + random.nextInt(5); k++) {
        batch.add(change("k" + random.nextInt(40), random.nextInt(1_000)));
      }
      writes.add(writers.get(random.nextInt(3)).write(batch));
    }
    writes.forEach(MirrorFixture::await);
    mirror.heal();
    eventually("the intents are reconciled", () -> pending(writers.get(0)) == 0);
    mirror.assertInStep();
  }

  @Test
  void failureOfThePrimaryFailsTheWriteAndLeavesTheOtherSideUntouched() {
    mirror.begin(WRITTEN);
    DimensionTable table = unreconciled();
    mirror.intoFrom(from -> from.injectNext(Call.WRITE, new CallFault.Fail(Kind.UNAVAILABLE), 1));
    assertFails(Kind.UNAVAILABLE, () -> write(table, put("k", "x", 1)));
    assertThat(contents(mirror.to())).isEmpty();
  }

  /** Nobody sends the write again, so that only its intent can tell what the primary has of it. */
  @Test
  void partOfAFailedWriteThatThePrimaryHasReachesTheOtherSide() {
    mirror.begin(WRITTEN);
    DimensionTable table =
        mirror.table(
            mirror.open(
                Map.of("reconcile.interval", "1 h", "reconcile.unknown-after", "0 ms"),
                StoreMetrics.NONE));
    write(table, put("a", "old", 1), put("b", "old", 1));
    mirror.intoFrom(from -> from.injectNext(Call.WRITE, new CallFault.ApplyHalf(Kind.TIMEOUT), 1));
    assertFails(Kind.TIMEOUT, () -> write(table, put("a", "new", 2), put("b", "new", 2)));
    assertThat(get(mirror.from(), "a")).isEqualTo(put("a", "new", 2));
    assertThat(get(mirror.to(), "a")).isEqualTo(put("a", "old", 1));
    assertThat(pending(table)).isEqualTo(2);
    await(intents(table).reconcile(100));
    assertThat(pending(table)).isZero();
    mirror.assertInStep();
  }

  @Test
  void writeFailsIfItsIntentCannotBeStored() {
    mirror.begin(WRITTEN);
    DimensionTable table = unreconciled();
    mirror.intoTo(to -> to.inject(Call.WRITE, new CallFault.Fail(Kind.UNAVAILABLE), 1));
    FaultyMemoryFactory.refuseWrites(mirror.fromInstance, MirrorFixture.INTENTS, true);
    assertFails(Kind.UNAVAILABLE, () -> write(table, put("k", "x", 1)));
    FaultyMemoryFactory.refuseWrites(mirror.fromInstance, MirrorFixture.INTENTS, false);
    write(table, put("k", "x", 1));
    assertThat(pending(table)).isEqualTo(1);
  }

  @Test
  void whileBothAreRequiredFailureOfTheOtherSideFailsTheWriteAndIsHealed() {
    mirror.begin(MirrorMode.BEFORE.withOther(Other.REQUIRED));
    DimensionTable table = mirror.table(mirror.open());
    mirror.intoTo(to -> to.injectNext(Call.WRITE, new CallFault.Fail(Kind.THROTTLED), 1));
    assertFails(Kind.UNAVAILABLE, () -> write(table, put("k", "x", 1)));
    eventually("the intent is reconciled", () -> pending(table) == 0);
    assertThat(contents(mirror.to())).hasSize(1);
    mirror.assertInStep();
  }

  @Test
  void whileBothAreRequiredASlowSideFailsWritesAndLosesNone() {
    mirror.begin(MirrorMode.BEFORE.withOther(Other.REQUIRED));
    DimensionTable table = mirror.table(mirror.open());
    mirror.intoTo(
        to -> to.inject(Call.WRITE, new CallFault.DelayRequest(Duration.ofMillis(400)), 1));
    for (int i = 0; i < 10; i++) {
      Change change = put("k" + i, "x", 1);
      assertFails(Kind.UNAVAILABLE, () -> write(table, change));
    }
    assertThat(contents(mirror.from())).hasSize(10);
    mirror.heal();
    eventually("the intents are reconciled", () -> pending(table) == 0);
    eventually("late requests have arrived", () -> contents(mirror.to()).size() == 10);
    mirror.assertInStep();
  }

  @Test
  void keysThatTheOtherSideRefusesStayPendingAndTheOthersAreCopied() {
    mirror.begin(WRITTEN);
    DimensionTable table = unreconciled();
    mirror.intoTo(to -> to.inject(Call.WRITE, new CallFault.Fail(Kind.UNAVAILABLE), 1));
    write(table, put("a", "x", 1), put("b", "y", 1));
    mirror.heal();
    // The row in 'from' cannot be read as declared, so it cannot be copied.
    mirror.intoFrom(from -> from.inject(Call.STORED, new CallFault.Fail(Kind.UNAVAILABLE), 1));
    assertThatThrownBy(() -> await(intents(table).reconcile(100)))
        .isInstanceOf(StoreException.class);
    assertThat(pending(table)).as("after a pass that failed").isEqualTo(2);
    mirror.heal();
    assertThat(await(intents(table).reconcile(100)).remaining()).isFalse();
    mirror.assertInStep();
  }

  @Test
  void absenceThatACacheMayAnswerIsCopiedOnlyWhenTheIntentIsOld() {
    FaultyMemoryFactory.hide(StoredChanges.class, mirror.fromInstance);
    mirror.begin(WRITTEN);
    DimensionTable table =
        mirror.table(
            mirror.open(
                Map.of("reconcile.interval", "1 h", "reconcile.absent-after", "1 h"),
                StoreMetrics.NONE));
    write(table, put("k", "old", 1));
    mirror.intoTo(to -> to.inject(Call.WRITE, new CallFault.Fail(Kind.UNAVAILABLE), 1));
    write(table, put("k", "new", 5));
    mirror.heal();
    // Another tool deletes the row in 'from', where it is absent now.
    write(mirror.from(), new Delete(Key.of("k"), 6));
    await(intents(table).reconcile(100));
    assertThat(pending(table)).as("a cache may answer that the row is absent").isEqualTo(1);
    assertThat(get(mirror.to(), "k")).isEqualTo(put("k", "old", 1));
    DimensionTable later =
        mirror.table(
            mirror.open(
                Map.of("reconcile.interval", "1 h", "reconcile.absent-after", "0 ms"),
                StoreMetrics.NONE));
    await(intents(later).reconcile(100));
    assertThat(pending(later)).isZero();
    assertThat(get(mirror.to(), "k")).isNull();
  }

  @Test
  void tombstoneOfARowThatAnotherToolDeletedIsCopiedAtOnce() {
    mirror.begin(WRITTEN);
    DimensionTable table = unreconciled();
    write(table, put("k", "old", 1));
    mirror.intoTo(to -> to.inject(Call.WRITE, new CallFault.Fail(Kind.UNAVAILABLE), 1));
    write(table, put("k", "new", 5));
    mirror.heal();
    write(mirror.from(), new Delete(Key.of("k"), 6));
    await(intents(table).reconcile(100));
    assertThat(pending(table)).isZero();
    mirror.assertInStep();
  }

  @Test
  void intentThatCouldNotBeStoredDoesNotCountAsStored() {
    mirror.begin(WRITTEN);
    Map<String, Long> counts = new java.util.concurrent.ConcurrentHashMap<>();
    StoreMetrics metrics =
        new StoreMetrics() {
          @Override
          public void request(Request request) {}

          @Override
          public void count(String name, long number) {
            counts.merge(name, number, Long::sum);
          }
        };
    DimensionTable table = mirror.table(mirror.open(NOT_RECONCILED, metrics));
    FaultyMemoryFactory.refuseWrites(mirror.fromInstance, MirrorFixture.INTENTS, true);
    FaultyMemoryFactory.refuseWrites(mirror.fromInstance, "dim_user", true);
    assertFails(Kind.UNAVAILABLE, () -> write(table, put("k", "x", 1)));
    FaultyMemoryFactory.refuseWrites(mirror.fromInstance, MirrorFixture.INTENTS, false);
    assertFails(Kind.UNAVAILABLE, () -> write(table, put("k", "x", 1)));
    FaultyMemoryFactory.refuseWrites(mirror.fromInstance, "dim_user", false);
    eventually("the refused one is counted", () -> counts.containsKey("intents.unknown-refused"));
    eventually("the stored one is counted", () -> counts.containsKey("intents.unknown"));
    assertThat(counts).containsEntry("intents.unknown", 1L);
    assertThat(counts).containsEntry("intents.unknown-refused", 1L);
  }

  @Test
  void storedChangesAreThoseOfThePrimaryWhateverShareTheOtherSideAnswers() {
    for (MirrorMode.Side primary : MirrorMode.Side.values()) {
      try (MirrorFixture both = new MirrorFixture()) {
        both.begin(
            new MirrorMode(primary, Other.WRITTEN, 5_000, 0, MirrorMode.ShadowWith.OTHER, "0"));
        write(both.from(), put("k", "from", 1), new Delete(Key.of("gone"), 3));
        write(both.to(), put("k", "to", 2), new Delete(Key.of("gone"), 4));
        List<Change> expected =
            primary == MirrorMode.Side.FROM
                ? List.of(put("k", "from", 1), new Delete(Key.of("gone"), 3))
                : List.of(put("k", "to", 2), new Delete(Key.of("gone"), 4));
        StoredChanges stored =
            both.table(both.open()).capability(StoredChanges.class).orElseThrow();
        assertThat(await(stored.stored(List.of(Key.of("k"), Key.of("gone"))))).isEqualTo(expected);
        FaultyMemoryFactory.hide(StoredChanges.class, both.toInstance);
        assertThat(both.table(both.open()).capability(StoredChanges.class))
            .as("a caller has to scan where one side cannot read so")
            .isEmpty();
      }
    }
  }

  @Test
  void aRangeIsBoundedIfItIsOnBothSidesSinceThePrimaryMayChange() {
    ScanOptions range = new ScanOptions(MirrorFixture.SPEC.all(), Key.of("a"), Key.of("b"), false);
    BoundedScans scans = mirror.table(mirror.open()).capability(BoundedScans.class).orElseThrow();
    assertThat(scans.isBounded(range)).isTrue();
    FaultyMemoryFactory.hide(BoundedScans.class, mirror.toInstance);
    assertThat(mirror.table(mirror.open()).capability(BoundedScans.class)).isEmpty();
  }

  @Test
  void intentsThatCannotBeReconciledYetDoNotBlockOthers() {
    FaultyMemoryFactory.hide(StoredChanges.class, mirror.fromInstance);
    mirror.begin(WRITTEN);
    DimensionTable table = unreconciled();
    mirror.intoTo(to -> to.inject(Call.WRITE, new CallFault.Fail(Kind.UNAVAILABLE), 1));
    for (int i = 0; i < 20; i++) {
      write(table, put("gone" + i, "x", 1));
      write(mirror.from(), new Delete(Key.of("gone" + i), 2));
    }
    write(table, put("k", "x", 1));
    mirror.heal();
    eventually(
        "the other row is copied",
        () -> {
          await(intents(table).reconcile(1));
          return get(mirror.to(), "k") != null;
        });
    assertThat(pending(table)).isEqualTo(20);
  }

  @Test
  void backlogTellsNumberAndAgeAndMetricsShowThem() {
    mirror.begin(WRITTEN);
    Map<String, Long> gauges = new java.util.concurrent.ConcurrentHashMap<>();
    StoreMetrics metrics =
        new StoreMetrics() {
          @Override
          public void request(Request request) {}

          @Override
          public void gauge(String name, long value) {
            gauges.put(name, value);
          }
        };
    DimensionTable table = mirror.table(mirror.open(Map.of(), metrics));
    mirror.intoTo(to -> to.inject(Call.WRITE, new CallFault.Fail(Kind.UNAVAILABLE), 1));
    write(table, put("a", "x", 1), put("b", "x", 1), put("c", "x", 1));
    var some = await(intents(table).backlog(2));
    assertThat(some.keys()).isEqualTo(2);
    assertThat(some.more()).isTrue();
    eventually(
        "the gauge shows the intents", () -> gauges.getOrDefault("intents.keys.dim_user", 0L) == 3);
    eventually(
        "the gauge shows their age",
        () -> gauges.getOrDefault("intents.oldest.ms.dim_user", 0L) > 0);
  }

  private static void assertFails(Kind kind, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.kind()).as("%s", e).isEqualTo(kind));
  }
}
