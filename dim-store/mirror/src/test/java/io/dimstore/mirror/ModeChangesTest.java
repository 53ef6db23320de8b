// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror;

import static io.dimstore.mirror.MirrorFixture.await;
import static io.dimstore.mirror.MirrorFixture.contents;
import static io.dimstore.mirror.MirrorFixture.eventually;
import static io.dimstore.mirror.MirrorFixture.get;
import static io.dimstore.mirror.MirrorFixture.pending;
import static io.dimstore.mirror.MirrorFixture.put;
import static io.dimstore.mirror.MirrorFixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.mirror.control.KnownMode;
import io.dimstore.mirror.control.MirrorMode;
import io.dimstore.mirror.control.MirrorMode.Other;
import io.dimstore.mirror.control.MirrorMode.Side;
import io.dimstore.mirror.control.ModeRecords;
import io.dimstore.spi.Change;
import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.FeedPosition;
import io.dimstore.spi.Put;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import io.dimstore.tck.faults.CallFault;
import io.dimstore.tck.faults.FaultyStore.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Changes of the mode while jobs run. */
class ModeChangesTest {

  private static final int KEYS = 24;

  private static final Duration VALIDITY = Duration.ofMillis(400);
  private static final Duration DEADLINE = Duration.ofMillis(600);

  private final MirrorFixture mirror = new MirrorFixture(VALIDITY, DEADLINE);

  @AfterEach
  void close() {
    mirror.close();
  }

  @Test
  void changeTakesEffectWithoutARestart() {
    DimensionTable table = mirror.table(mirror.open());
    retried(() -> write(table, put("before", "x", 1)));
    mirror.change(MirrorMode.BEFORE.withOther(Other.WRITTEN));
    retried(() -> write(table, put("after", "x", 1)));
    assertThat(contents(mirror.to()).keySet()).containsExactly("[after]");
  }

  /** The whole way forward and back, with two processes that write and two that read. */
  @Test
  void throughAllPhasesNoWriteIsLostAndNoReadIsStale() throws InterruptedException {
    AtomicLongArray acknowledged = new AtomicLongArray(KEYS);
    AtomicBoolean running = new AtomicBoolean(true);
    Queue<Throwable> wrong = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      DimensionTable table = mirror.table(mirror.open());
      int writer = i;
      threads.add(start(wrong, () -> writeAll(table, writer, acknowledged, running)));
    }
    for (int i = 0; i < 2; i++) {
      DimensionTable table = mirror.table(mirror.open());
      Random random = new Random(i);
      threads.add(start(wrong, () -> readAll(table, random, acknowledged, running)));
    }
    MirrorMode mode = MirrorMode.BEFORE.withOther(Other.WRITTEN);
    mirror.change(mode);
    backfill(mirror.from(), mirror.to());
    mirror.change(mode.withReadsTo(3_000));
    mirror.change(mode.withReadsTo(MirrorMode.ALL));
    mode = mode.withReadsTo(MirrorMode.ALL).withOther(Other.REQUIRED);
    mirror.change(mode);
    mode = mode.withPrimary(Side.TO);
    mirror.change(mode);
    mirror.change(mode.withOther(Other.WRITTEN));
    // And back.
    mirror.change(mode);
    mode = mode.withPrimary(Side.FROM);
    mirror.change(mode);
    mirror.change(mode.withReadsTo(0).withOther(Other.WRITTEN));
    running.set(false);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(wrong).isEmpty();
    DimensionTable table = mirror.table(mirror.open());
    eventually("the intents are reconciled", () -> pending(table) == 0);
    mirror.assertInStep();
    for (int k = 0; k < KEYS; k++) {
      assertThat(get(mirror.to(), "k" + k).version())
          .as("the last write of key %d", k)
          .isGreaterThanOrEqualTo(acknowledged.get(k));
      assertThat(acknowledged.get(k)).as("writes of key %d", k).isGreaterThan(10);
    }
  }

  private static Thread start(Queue<Throwable> wrong, Runnable work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (RuntimeException | Error e) {
                wrong.add(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void writeAll(
      DimensionTable table, int writer, AtomicLongArray acknowledged, AtomicBoolean running) {
    for (long version = 1; running.get(); version++) {
      for (int k = writer; k < KEYS; k += 2) {
        Put put = put("k" + k, "v" + version, version);
        retried(() -> write(table, put));
        acknowledged.set(k, version);
      }
    }
  }

  private static void readAll(
      DimensionTable table, Random random, AtomicLongArray acknowledged, AtomicBoolean running) {
    while (running.get()) {
      int k = random.nextInt(KEYS);
      long atLeast = acknowledged.get(k);
      Put found;
      try {
        found = get(table, "k" + k);
      } catch (StoreException e) {
        assertThat(e.kind().isRetryable()).as("%s", e).isTrue();
        continue;
      }
      assertThat(found == null ? 0 : found.version())
          .as("R13: version of key %d, at least the acknowledged one", k)
          .isGreaterThanOrEqualTo(atLeast);
    }
  }

  private static void backfill(DimensionTable source, DimensionTable target) {
    List<Change> all = new ArrayList<>(contents(source).values());
    await(target.write(all));
  }

  @Test
  void writesFailAndReadsGoOnWhileTheModeCannotBeRead() {
    mirror.begin(MirrorMode.BEFORE.withOther(Other.WRITTEN));
    DimensionTable table = mirror.table(mirror.open());
    retried(() -> write(table, put("k", "x", 1)));
    mirror.intoFrom(side -> side.inject(Call.READ_RECORD, new CallFault.Fail(Kind.UNAVAILABLE), 1));
    mirror.intoTo(side -> side.inject(Call.READ_RECORD, new CallFault.Fail(Kind.UNAVAILABLE), 1));
    eventually(
        "a write fails once the validity has ended",
        () -> {
          try {
            write(table, put("k", "x", 1));
            return false;
          } catch (StoreException e) {
            assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
            assertThat(e).hasMessageContaining("mode.validity");
            return true;
          }
        });
    assertThat(get(table, "k")).isEqualTo(put("k", "x", 1));
    mirror.heal();
    eventually("writes go on", () -> succeeds(() -> write(table, put("k", "y", 2))));
  }

  @Test
  void theCopyInFromSufficesWhileToIsDown() {
    mirror.begin(MirrorMode.BEFORE.withOther(Other.WRITTEN));
    DimensionTable table = mirror.table(mirror.open());
    retried(() -> write(table, put("k", "x", 1)));
    for (Call call : List.of(Call.READ_RECORD, Call.REPLACE_RECORD, Call.WRITE, Call.GET)) {
      mirror.intoTo(side -> side.inject(call, new CallFault.Fail(Kind.UNAVAILABLE), 1));
    }
    LockSupport.parkNanos(2 * VALIDITY.toNanos());
    for (long version = 2; version < 20; version++) {
      Put put = put("k", "x" + version, version);
      retried(() -> write(table, put));
    }
    mirror.heal();
    eventually("the intents are reconciled", () -> pending(table) == 0);
    mirror.assertInStep();
  }

  /** The new store is the primary and goes down: everything that was acknowledged is in the old. */
  @Test
  void oldStoreTakesOverWhileTheNewOneIsDownAndKeepsDecidingWhenItIsBack() {
    MirrorMode cutOver =
        MirrorMode.BEFORE
            .withOther(Other.WRITTEN)
            .withReadsTo(MirrorMode.ALL)
            .withOther(Other.REQUIRED)
            .withPrimary(Side.TO)
            .withOther(Other.WRITTEN);
    mirror.begin(cutOver);
    DimensionTable table = mirror.table(mirror.open());
    retried(() -> write(table, put("k", "x", 1)));
    for (Call call : Call.values()) {
      mirror.intoTo(side -> side.inject(call, new CallFault.Fail(Kind.UNAVAILABLE), 1));
    }
    assertThatThrownBy(() -> write(table, put("k", "y", 2))).isInstanceOf(StoreException.class);
    assertThat(await(mirror.modes.takeOver()).orElseThrow().mode()).isEqualTo(cutOver);
    assertThatThrownBy(() -> await(mirror.modes.takeOver()))
        .as("twice")
        .hasMessageContaining("decides alone already");
    retried(() -> write(table, put("k", "z", 3)));
    assertThat(get(table, "k")).isEqualTo(put("k", "z", 3));
    assertThat(contents(mirror.from())).containsEntry("[k]", put("k", "z", 3));
    mirror.heal();
    LockSupport.parkNanos(2 * VALIDITY.toNanos());
    retried(() -> write(table, put("k", "later", 4)));
    assertThat(contents(mirror.from())).containsEntry("[k]", put("k", "later", 4));
    assertThat(contents(mirror.to())).containsEntry("[k]", put("k", "x", 1));

    KnownMode current = await(mirror.modes.current());
    assertThat(current.takeOvers()).isEqualTo(1);
    assertThat(current.mode()).isEqualTo(MirrorMode.BEFORE);
    assertThat(await(mirror.modes.read()).mode())
        .as("before the new store knows")
        .isEqualTo(cutOver);
    assertThat(await(mirror.modes.change(current, current.mode()))).isTrue();
    assertThat(await(mirror.modes.read()).mode()).isEqualTo(MirrorMode.BEFORE);
    mirror.change(MirrorMode.BEFORE.withOther(Other.WRITTEN));
    retried(() -> write(table, put("both", "x", 1)));
    assertThat(contents(mirror.to())).containsKey("[both]");
  }

  @Test
  void changeThatMeetsATakeOverHasNoEffect() {
    MirrorMode written = MirrorMode.BEFORE.withOther(Other.WRITTEN);
    mirror.change(written);
    KnownMode known = await(mirror.modes.current());
    assertThat(await(mirror.modes.takeOver())).isPresent();
    assertThat(await(mirror.modes.change(known, written.withReadsTo(5_000)))).isFalse();
    assertThat(await(mirror.modes.current()).mode()).isEqualTo(MirrorMode.BEFORE);
    assertThat(await(mirror.modes.readCopy()).mode()).isEqualTo(MirrorMode.BEFORE);
  }

  @Test
  void oldStoreThatIsNoLongerWrittenCannotTakeOver() {
    mirror.begin(
        MirrorMode.BEFORE
            .withOther(Other.REQUIRED)
            .withPrimary(Side.TO)
            .withReadsTo(MirrorMode.ALL)
            .withOther(Other.UNUSED));
    assertThatThrownBy(() -> await(mirror.modes.takeOver())).hasMessageContaining("lacks rows");
  }

  /** What the new store alone had acknowledged is copied when it is back. */
  @Test
  void writesThatOnlyTheNewStoreHadTakenAreCopiedWhenItIsBack() {
    mirror.begin(
        MirrorMode.BEFORE
            .withOther(Other.REQUIRED)
            .withPrimary(Side.TO)
            .withReadsTo(MirrorMode.ALL)
            .withOther(Other.WRITTEN));
    DimensionTable table = mirror.table(mirror.open());
    FaultyMemoryFactory.refuseWrites(mirror.fromInstance, "dim_user", true);
    retried(() -> write(table, put("pending", "x", 5), put("changed", "x", 5)));
    FaultyMemoryFactory.refuseWrites(mirror.fromInstance, "dim_user", false);
    for (Call call : Call.values()) {
      mirror.intoTo(side -> side.inject(call, new CallFault.Fail(Kind.UNAVAILABLE), 1));
    }
    await(mirror.modes.takeOver());
    retried(() -> write(table, put("changed", "y", 6)));
    mirror.heal();
    eventually("the intents are reconciled", () -> pending(table) == 0);
    assertThat(contents(mirror.from()))
        .containsEntry("[pending]", put("pending", "x", 5))
        .containsEntry("[changed]", put("changed", "y", 6));
  }

  /** A follower must learn that its side is no longer written. */
  @Test
  void positionOnASideThatIsNoLongerWrittenFails() {
    TableSpec fed =
        new TableSpec(
            "dim_fed",
            MirrorFixture.SPEC.columns(),
            MirrorFixture.SPEC.keyColumns(),
            Map.of("to.change-feed", "true", "from.change-feed", "true"));
    ModeRecords modes =
        new ModeRecords(
            MirrorFixture.recordsOf(mirror.plainTo),
            MirrorFixture.recordsOf(mirror.plainFrom),
            fed.name());
    MirrorMode mode = MirrorMode.BEFORE.withOther(Other.REQUIRED);
    await(modes.change(KnownMode.NONE, mode));
    DimensionStore open = mirror.open();
    retried(() -> await(open.createIfAbsent(fed)));
    ChangeFeed feed = open.table(fed).capability(ChangeFeed.class).orElseThrow();
    FeedPosition position = await(feed.follow(ChangeFeed.Start.LATEST)).get(0);
    mode = mode.withPrimary(Side.TO);
    await(modes.change(await(modes.current()), mode));
    retried(() -> write(open.table(fed), put("k", "x", 1)));
    assertThat(await(feed.poll(position, 10)).changes()).as("it is still written").hasSize(1);
    mode = mode.withReadsTo(MirrorMode.ALL).withOther(Other.WRITTEN);
    await(modes.change(await(modes.current()), mode));
    await(modes.change(await(modes.current()), mode.withOther(Other.UNUSED)));
    eventually(
        "the position fails",
        () -> {
          try {
            var unused = await(feed.poll(position, 10));
            return false;
          } catch (StoreException e) {
            assertThat(e.kind()).isEqualTo(Kind.NO_TABLE);
            return true;
          }
        });
  }

  @Test
  void unreadableRecordIsAnError() {
    await(
        MirrorFixture.recordsOf(mirror.plainTo)
            .replace(ModeRecords.nameOf("dim_user"), 0, "dimstore-mirror-mode/2\nwhatever"));
    DimensionTable table = mirror.table(mirror.open());
    eventually(
        "a write fails CORRUPT",
        () -> {
          try {
            write(table, put("k", "x", 1));
            return false;
          } catch (StoreException e) {
            return e.kind() == Kind.CORRUPT;
          }
        });
  }

  @Test
  void stepsThatCouldLoseWritesAreRefused() {
    MirrorMode written = MirrorMode.BEFORE.withOther(Other.WRITTEN);
    mirror.change(written);
    for (MirrorMode next :
        List.of(
            written.withPrimary(Side.TO), written.withOther(Other.REQUIRED).withPrimary(Side.TO))) {
      assertThatThrownBy(() -> mirror.change(next))
          .isInstanceOfSatisfying(
              StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID));
    }
  }

  /** Another process wrote while the side was down, so this one must not read it for long. */
  @Test
  void sideThatLacksWritesOfAnotherProcessIsReadForAtMostTheValidity() {
    mirror.begin(MirrorMode.BEFORE.withOther(Other.WRITTEN).withReadsTo(MirrorMode.ALL));
    DimensionTable reader = mirror.table(mirror.open());
    DimensionTable writer =
        mirror.table(mirror.open(Map.of("reconcile.interval", "1 h"), StoreMetrics.NONE));
    retried(() -> write(writer, put("k", "old", 1)));
    eventually("the other side is read", () -> isReadFromTo(reader));
    FaultyMemoryFactory.refuseWrites(mirror.toInstance, "dim_user", true);
    retried(() -> write(writer, put("k", "new", 2)));
    assertThat(get(writer, "k")).as("by the writer itself").isEqualTo(put("k", "new", 2));
    LockSupport.parkNanos(VALIDITY.toNanos());
    assertThat(get(reader, "k")).isEqualTo(put("k", "new", 2));
    FaultyMemoryFactory.refuseWrites(mirror.toInstance, "dim_user", false);
  }

  private boolean isReadFromTo(DimensionTable reader) {
    write(mirror.to(), put("only-to", "x", 1));
    return get(reader, "only-to") != null;
  }

  /** Repeats a call while it fails with a kind that may be retried, as on a busy machine. */
  private static void retried(Runnable call) {
    while (true) {
      try {
        call.run();
        return;
      } catch (StoreException e) {
        assertThat(e.kind().isRetryable()).as("%s", e).isTrue();
      }
    }
  }

  private static boolean succeeds(Runnable call) {
    try {
      call.run();
      return true;
    } catch (StoreException e) {
      return false;
    }
  }
}
