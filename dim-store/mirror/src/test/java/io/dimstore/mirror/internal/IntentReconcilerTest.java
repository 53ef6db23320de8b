// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.memory.MemoryStores;
import io.dimstore.mirror.ForwardingTable;
import io.dimstore.mirror.internal.IntentCodec.Pending;
import io.dimstore.spi.Change;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoredChanges;
import io.dimstore.spi.TableSpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What reconciling does, by which side is the primary and what both of them have. */
class IntentReconcilerTest {

  private static final TableSpec SPEC =
      new TableSpec(
          "t",
          List.of(new Column("k", DataType.STRING), new Column("v", DataType.STRING)),
          List.of("k"));
  private static final Key KEY = Key.of("k");
  private static final Duration ABSENT_AFTER = Duration.ofMinutes(15);
  private static final Duration UNKNOWN_AFTER = Duration.ofSeconds(30);
  private static final Duration RETENTION = Duration.ofDays(7);
  private static final Duration PAUSE = Duration.ofMinutes(5);

  private static final Put PUT_5 = new Put(KEY, Row.of("five"), 5);
  private static final Delete DELETE_5 = new Delete(KEY, 5);

  private final String source = "source-" + UUID.randomUUID();
  private final String target = "target-" + UUID.randomUUID();
  private final DimensionStore sourceStore = open(source);
  private final DimensionStore targetStore = open(target);
  private final DimensionTable sourceTable = sourceStore.table(SPEC);
  private final DimensionTable targetTable = targetStore.table(SPEC);
  private long nowMillis = 1_000_000_000_000L;
  private long nanos;
  private boolean sourceDecides = true;
  private boolean exact = true;
  private final IntentLog log =
      new IntentLog(sourceStore, "intents", SPEC, () -> nowMillis, () -> nanos);

  IntentReconcilerTest() {
    join(sourceStore.createIfAbsent(SPEC));
    join(targetStore.createIfAbsent(SPEC));
  }

  @AfterEach
  void close() {
    sourceStore.close();
    targetStore.close();
    MemoryStores.clear(source);
    MemoryStores.clear(target);
  }

  private static DimensionStore open(String instance) {
    return DimensionStores.open(
        "memory", Map.of("instance", instance), StoreMetrics.NONE, InstantSource.system());
  }

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private IntentReconciler reconciler(DimensionTable from, DimensionTable to) {
    return new IntentReconciler(
        log,
        exact ? from : byLookups(from),
        exact ? to : byLookups(to),
        SPEC.all(),
        () -> CompletableFuture.completedFuture(sourceDecides),
        new IntentReconciler.Limits(ABSENT_AFTER, UNKNOWN_AFTER, RETENTION, PAUSE),
        () -> nanos);
  }

  private void reconcile() {
    join(reconciler(sourceTable, targetTable).reconcile(100));
  }

  private static DimensionTable byLookups(DimensionTable table) {
    return new ForwardingTable(table) {
      @Override
      public <T> Optional<T> capability(Class<T> type) {
        return type == StoredChanges.class ? Optional.empty() : super.capability(type);
      }
    };
  }

  private void intend(Pending... pending) {
    join(log.add(List.of(pending), nowMillis, "test"));
  }

  private static @Nullable Change in(DimensionTable table) {
    return join(table.capability(StoredChanges.class).orElseThrow().stored(List.of(KEY))).get(0);
  }

  private boolean isPending() {
    return !join(log.isEmpty());
  }

  private static void write(DimensionTable table, @Nullable Change change) {
    if (change != null) {
      join(table.write(List.of(change)));
    }
  }

  private static Stream<Arguments> combinations() {
    Put older = new Put(KEY, Row.of("three"), 3);
    Put equal = new Put(KEY, Row.of("five of the target"), 5);
    Put newer = new Put(KEY, Row.of("seven"), 7);
    Delete newerDelete = new Delete(KEY, 7);
    return Stream.of(
        // pending, in the source, in the target, then there if the source or the target decides
        Arguments.of(PUT_5, PUT_5, null, PUT_5, PUT_5),
        Arguments.of(PUT_5, PUT_5, older, PUT_5, PUT_5),
        Arguments.of(PUT_5, PUT_5, equal, PUT_5, equal),
        Arguments.of(PUT_5, PUT_5, DELETE_5, PUT_5, DELETE_5),
        Arguments.of(PUT_5, PUT_5, newer, newer, newer),
        Arguments.of(PUT_5, PUT_5, newerDelete, newerDelete, newerDelete),
        Arguments.of(DELETE_5, DELETE_5, null, DELETE_5, DELETE_5),
        Arguments.of(DELETE_5, DELETE_5, older, DELETE_5, DELETE_5),
        Arguments.of(DELETE_5, DELETE_5, equal, DELETE_5, equal),
        Arguments.of(DELETE_5, DELETE_5, newer, newer, newer),
        Arguments.of(PUT_5, newer, older, newer, newer),
        Arguments.of(PUT_5, newerDelete, equal, newerDelete, newerDelete),
        Arguments.of(PUT_5, null, null, null, null),
        Arguments.of(PUT_5, null, older, DELETE_5, older),
        Arguments.of(PUT_5, null, equal, DELETE_5, equal),
        Arguments.of(PUT_5, null, newer, newer, newer),
        Arguments.of(PUT_5, null, newerDelete, newerDelete, newerDelete),
        Arguments.of(DELETE_5, null, older, DELETE_5, older),
        Arguments.of(DELETE_5, null, equal, DELETE_5, equal));
  }

  @ParameterizedTest
  @MethodSource("combinations")
  void whatIsCopiedDependsOnWhichSideDecides(
      Change pending,
      @Nullable Change held,
      @Nullable Change there,
      @Nullable Change ifSourceDecides,
      @Nullable Change ifTargetDecides) {
    for (boolean decides : new boolean[] {true, false}) {
      sourceDecides = decides;
      MemoryStores.clear(source);
      MemoryStores.clear(target);
      join(sourceStore.createIfAbsent(SPEC));
      join(targetStore.createIfAbsent(SPEC));
      write(sourceTable, held);
      write(targetTable, there);
      intend(Pending.applied(pending));
      reconcile();
      assertThat(in(targetTable))
          .as(decides ? "the source decides" : "the target decides")
          .isEqualTo(decides ? ifSourceDecides : ifTargetDecides);
      assertThat(isPending()).isFalse();
    }
  }

  @Test
  void absenceInTheOtherSideDeletesNothingHoweverOldTheIntent() {
    exact = false;
    sourceDecides = false;
    Put live = new Put(KEY, Row.of("three"), 3);
    write(targetTable, live);
    intend(Pending.applied(PUT_5));
    nowMillis += RETENTION.toMillis() * 2;
    reconcile();
    assertThat(in(targetTable)).isEqualTo(live);
    assertThat(isPending()).isFalse();
  }

  @Test
  void absenceInThePrimaryIsBelievedAtOnceUnlessACacheMayAnswer() {
    write(targetTable, new Put(KEY, Row.of("three"), 3));
    intend(Pending.applied(PUT_5));
    exact = false;
    reconcile();
    assertThat(in(targetTable)).isInstanceOf(Put.class);
    assertThat(isPending()).isTrue();
    nowMillis += ABSENT_AFTER.toMillis();
    reconcile();
    assertThat(in(targetTable)).isEqualTo(DELETE_5);
    assertThat(isPending()).isFalse();
  }

  @Test
  void absentRowOfAPrimaryIsNotBroughtBackByAnIntentThatIsOlderThanItsTombstones() {
    sourceDecides = false;
    write(sourceTable, PUT_5);
    intend(Pending.applied(PUT_5));
    nowMillis += RETENTION.toMillis();
    reconcile();
    assertThat(in(targetTable)).isNull();
    assertThat(isPending()).as("it is counted until somebody looks").isTrue();
  }

  /** The put came last, and a cache still answers with what the delete left. */
  @Test
  void deleteAndPutOfEqualVersionWaitUntilTheRowIsSeen() {
    exact = false;
    write(targetTable, PUT_5);
    intend(Pending.applied(DELETE_5));
    intend(Pending.applied(PUT_5));
    intend(Pending.applied(DELETE_5));
    reconcile();
    assertThat(in(targetTable)).isEqualTo(PUT_5);
    write(sourceTable, PUT_5);
    reconcile();
    assertThat(in(targetTable)).isEqualTo(PUT_5);
    assertThat(isPending()).isFalse();
  }

  @Test
  void writeThatMayStillArriveStaysPendingBesideAnAppliedOne() {
    write(sourceTable, PUT_5);
    intend(Pending.applied(PUT_5));
    Delete late = new Delete(KEY, 6);
    intend(Pending.unknown(late));
    reconcile();
    assertThat(in(targetTable)).isEqualTo(PUT_5);
    assertThat(isPending()).as("the attempt may still arrive").isTrue();
    write(sourceTable, late);
    nanos += UNKNOWN_AFTER.toNanos();
    reconcile();
    assertThat(in(targetTable)).isEqualTo(late);
    assertThat(isPending()).isFalse();
  }

  /** The clock of the writer is a minute late, which is more than the time to wait. */
  @Test
  void writeThatMayStillArriveIsWaitedForWhateverTheClocksSay() {
    Put before = new Put(KEY, Row.of("three"), 3);
    write(sourceTable, before);
    nowMillis -= 60_000;
    intend(Pending.unknown(PUT_5));
    nowMillis += 60_000;
    reconcile();
    assertThat(isPending()).isTrue();
    nanos += UNKNOWN_AFTER.toNanos() - 1;
    reconcile();
    assertThat(isPending()).isTrue();
    write(sourceTable, PUT_5);
    nanos += 1;
    reconcile();
    assertThat(in(targetTable)).isEqualTo(PUT_5);
    assertThat(isPending()).isFalse();
  }

  @Test
  void whatWasReadBeforeAPauseOrAnotherPrimaryIsNotWritten() {
    write(sourceTable, PUT_5);
    intend(Pending.applied(PUT_5));
    for (Runnable meanwhile :
        List.<Runnable>of(() -> nanos += PAUSE.toNanos() + 1, () -> sourceDecides = false)) {
      DimensionTable paused =
          new ForwardingTable(byLookups(sourceTable)) {
            @Override
            public CompletionStage<List<@Nullable Put>> get(List<Key> keys, Projection columns) {
              CompletionStage<List<@Nullable Put>> found = super.get(keys, columns);
              meanwhile.run();
              return found;
            }
          };
      assertThatThrownBy(() -> join(reconciler(paused, targetTable).reconcile(100)))
          .hasMessageContaining("UNAVAILABLE");
      assertThat(in(targetTable)).isNull();
      assertThat(isPending()).isTrue();
    }
  }
}
