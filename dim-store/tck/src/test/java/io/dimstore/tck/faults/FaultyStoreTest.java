// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.memory.MemoryStores;
import io.dimstore.spi.Change;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import io.dimstore.tck.faults.FaultyStore.Call;
import io.dimstore.tck.harness.TestClock;
import io.dimstore.tck.internal.fixture.Answers;
import io.dimstore.tck.internal.fixture.Scans;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultyStoreTest {

  private static final Key KEY = Key.of("k");
  private static final TableSpec SPEC =
      new TableSpec(
          "t",
          List.of(new Column("k", DataType.STRING), new Column("v", DataType.STRING)),
          List.of("k"));

  private final Answers answers = new Answers(Duration.ofSeconds(30));
  private FaultyStore store;
  private DimensionTable table;

  @BeforeEach
  void open() {
    store = open(1);
    answers.await(store.createIfAbsent(SPEC));
    table = store.table(SPEC);
  }

  @AfterEach
  void close() {
    store.close();
    MemoryStores.clear("faulty");
  }

  @Test
  void storeWithoutFaultsBehavesAsTheWrappedStore() {
    answers.await(table.write(List.of(put(1))));
    assertThat(get()).isEqualTo(put(1));
    answers.await(store.validate(SPEC));
    answers.await(store.ping());
    assertThat(new Scans(answers, table).readAll(1, ScanOptions.rows(SPEC.all()), 10))
        .containsExactly(put(1));
    assertThat(store.faults(Call.GET)).isZero();
  }

  @Test
  void failedCallDoesNotReachTheStore() {
    store.injectNext(Call.WRITE, new CallFault.Fail(Kind.UNAVAILABLE), 1);
    answers.assertFails(Kind.UNAVAILABLE, () -> table.write(List.of(put(1))));
    assertThat(get()).isNull();
    answers.await(table.write(List.of(put(1))));
    assertThat(get()).isEqualTo(put(1));
    assertThat(store.faults(Call.WRITE)).isEqualTo(1);
  }

  @Test
  void lostAnswerFailsAWriteThatWasApplied() {
    store.injectNext(Call.WRITE, new CallFault.LoseAnswer(Kind.TIMEOUT), 1);
    answers.assertFails(Kind.TIMEOUT, () -> table.write(List.of(put(1))));
    assertThat(get()).isEqualTo(put(1));
  }

  @Test
  void halfAppliedBatchAppliesItsFirstHalf() {
    store.injectNext(Call.WRITE, new CallFault.ApplyHalf(Kind.UNAVAILABLE), 1);
    Put other = new Put(Key.of("other"), Row.of("x"), 1);
    answers.assertFails(Kind.UNAVAILABLE, () -> table.write(List.of(put(1), other)));
    assertThat(answers.await(table.get(List.of(KEY, other.key()), SPEC.all())))
        .containsExactly(put(1), null);
  }

  @Test
  void delayedAnswerArrivesLaterButTheCallIsExecutedAtOnce() {
    store.injectNext(Call.WRITE, new CallFault.DelayAnswer(Duration.ofMillis(300)), 1);
    CompletionStage<Void> write = table.write(List.of(put(1)));
    assertThat(get()).isEqualTo(put(1));
    answers.await(write);
  }

  @Test
  void delayedRequestIsExecutedLater() {
    store.injectNext(Call.WRITE, new CallFault.DelayRequest(Duration.ofMillis(50)), 1);
    answers.await(table.write(List.of(put(1))));
    assertThat(get()).isEqualTo(put(1));
  }

  @Test
  void overtakenCallIsExecutedAfterTheNext() {
    store.injectNext(Call.WRITE, new CallFault.LetOvertake(), 1);
    CompletionStage<Void> first = table.write(List.of(put(5, "first")));
    assertThat(get()).isNull();
    answers.await(table.write(List.of(put(5, "second"))));
    answers.await(first);
    assertThat(get()).isEqualTo(put(5, "first"));
  }

  @Test
  void healReleasesHeldCallsAndRemovesFaults() {
    store.inject(Call.WRITE, new CallFault.LetOvertake(), 1);
    store.inject(Call.GET, new CallFault.Fail(Kind.DENIED), 1);
    CompletionStage<Void> held = table.write(List.of(put(1)));
    answers.assertFails(Kind.DENIED, () -> table.get(List.of(KEY), SPEC.all()));
    store.heal();
    answers.await(held);
    assertThat(get()).isEqualTo(put(1));
  }

  @Test
  void closeEndsCallsThatWereHeldBack() {
    store.inject(Call.WRITE, new CallFault.LetOvertake(), 1);
    CompletionStage<Void> held = table.write(List.of(put(1)));
    store.close();
    answers.assertFails(Kind.CLOSED, () -> held);
  }

  @Test
  void sameSeedMeetsTheSameFaults() {
    assertThat(outcomes(7)).isEqualTo(outcomes(7)).contains(true, false);
    assertThat(outcomes(7)).isNotEqualTo(outcomes(8));
  }

  @Test
  void retriesConvergeOnAStoreThatFailsNowAndThen() {
    store.inject(Call.WRITE, new CallFault.ApplyHalf(Kind.UNAVAILABLE), 0.3);
    store.inject(Call.WRITE, new CallFault.LoseAnswer(Kind.TIMEOUT), 0.3);
    for (int version = 1; version <= 50; version++) {
      List<Change> batch = List.of(put(version), new Put(Key.of("2"), Row.of("x"), version));
      boolean sent = false;
      while (!sent) {
        try {
          answers.await(table.write(batch));
          sent = true;
        } catch (StoreException e) {
          assertThat(e.kind().isRetryable()).isTrue();
        }
      }
    }
    assertThat(get()).isEqualTo(put(50));
    assertThat(store.faults(Call.WRITE)).isPositive();
  }

  private static List<Boolean> outcomes(long seed) {
    try (FaultyStore faulty = open(seed)) {
      faulty.inject(Call.PING, new CallFault.Fail(Kind.UNAVAILABLE), 0.5);
      List<Boolean> failed = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        failed.add(faulty.ping().toCompletableFuture().isCompletedExceptionally());
      }
      return failed;
    }
  }

  private static FaultyStore open(long seed) {
    return new FaultyStore(
        DimensionStores.open(
            "memory", Map.of("instance", "faulty"), StoreMetrics.NONE, TestClock.atPresent()),
        seed);
  }

  private Put get() {
    return answers.await(table.get(List.of(KEY), SPEC.all())).get(0);
  }

  private static Put put(long version) {
    return put(version, "v" + version);
  }

  private static Put put(long version, String value) {
    return new Put(KEY, Row.of(value), version);
  }
}
