// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.dynamodb.faults.FaultFixture;
import io.dimstore.dynamodb.faults.LastingFault;
import io.dimstore.dynamodb.faults.Local;
import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.dynamodb.http.Answer;
import io.dimstore.stack.dynamodb.model.Fault;
import io.dimstore.tck.WriteTck;
import io.dimstore.tck.harness.StoreHarness;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Tests writes without a guard: which rules they break (R3 and R4), and which they keep. */
class UnguardedWritesIT {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("dynamodb");

  private static final String BATCH = "BatchWriteItem";
  private static final List<Change> MANY = FaultFixture.rows(30, 7);

  private FaultFixture fixture;
  private TableSpec spec;
  private DimensionTable table;

  @BeforeAll
  static void warmUp() throws IOException {
    FaultFixture.warmUp(stack);
  }

  @BeforeEach
  void open() throws IOException {
    use(new FaultFixture(stack, "write-guard", "unguarded-last-write"));
  }

  private void use(FaultFixture fresh) {
    fixture = fresh;
    spec = fixture.created();
    table = fixture.table(spec);
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  @Test
  void theTckFindsOnlyTheRulesOfVersionsAndTombstonesBroken() {
    SummaryGeneratingListener summary = new SummaryGeneratingListener();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(
                    Arrays.stream(WriteTck.class.getDeclaredClasses())
                        .filter(group -> group.getSimpleName().matches("R[3-8][A-Z].*"))
                        .map(
                            group ->
                                DiscoverySelectors.selectNestedClass(
                                    List.of(UnguardedKit.class), group))
                        .toList())
                .build(),
            summary);
    TreeSet<String> broken = new TreeSet<>();
    for (var failure : summary.getSummary().getFailures()) {
      MethodSource method = (MethodSource) failure.getTestIdentifier().getSource().orElseThrow();
      broken.add(method.getMethodName());
    }
    assertThat(broken)
        .contains(
            "r3aOlderPutSucceedsWithoutEffect",
            "r3fConcurrentWritersLeaveTheNewest",
            "r4bALateOlderPutDoesNotBringTheRowBack");
    assertThat(broken.stream().filter(name -> !name.startsWith("r3") && !name.startsWith("r4")))
        .as("of the other rules, what an older write that comes late undoes")
        .containsExactly(
            "r5aANewerDeleteWinsBeforeAnOlderPut",
            "r7bOldBatchSentAgainDoesNotUndoNewerChanges",
            "r8bARowThatArrivesExpiredHidesAnOlderRow",
            "r8cExpiredRowHidesOlderRowsAndLateOlderPuts",
            "r8cExpiredRowIsRememberedUntilTheLastMillisecondOfItsRetention");
    assertThat(summary.getSummary().getTestsSucceededCount()).isGreaterThan(15);
  }

  @Test
  void anOlderWriteThatArrivesLastWinsAndRestoresADeletedRow() {
    Put newer = new Put(Key.of("k"), Row.of(9), 9);
    Put older = new Put(Key.of("k"), Row.of(3), 3);
    FaultFixture.await(table.write(List.of(newer)));
    FaultFixture.await(table.write(List.of(older)));
    assertThat(stored(List.of(newer))).as("this is what R3 forbids").containsExactly(older);
    FaultFixture.await(table.write(List.of(new Delete(Key.of("k"), 12))));
    FaultFixture.await(table.write(List.of(older)));
    assertThat(stored(List.of(newer))).as("this is what R4 forbids").containsExactly(older);
  }

  @Test
  void aDeleteWritesATombstoneAndABatchItsNewestChanges() {
    List<Change> batch = new ArrayList<>(MANY);
    batch.add(new Put(Key.of("k1"), Row.of(-1), 6));
    batch.add(new Delete(Key.of("k2"), 8));
    FaultFixture.await(table.write(batch));
    assertThat(fixture.proxy.requests(BATCH)).isEqualTo(2);
    assertThat(stored(MANY).get(1)).isEqualTo(MANY.get(1));
    assertThat(stored(MANY).get(2)).isNull();
    var all = new ScanOptions(spec.all(), null, null, true);
    var split = FaultFixture.await(table.splits(1, all)).get(0);
    assertThat(FaultFixture.await(table.scan(split, 100)).changes())
        .contains(new Delete(Key.of("k2"), 8));
  }

  @Test
  void unprocessedItemsAreSentAgainUntilTheyAreWritten() {
    fixture.proxy.next(BATCH, unprocessed(), unprocessed());
    FaultFixture.await(table.write(MANY.subList(0, 20)));
    assertThat(fixture.proxy.requests(BATCH)).isEqualTo(3);
    assertThat(fixture.counts).containsEntry("unprocessed", 40L);
    assertThat(stored(MANY.subList(0, 20))).isEqualTo(MANY.subList(0, 20));
  }

  @Test
  void itemsThatStayUnprocessedAreNotAcknowledged() throws IOException {
    fixture.close();
    use(new FaultFixture(stack, "write-guard", "unguarded-last-write", "deadline", "1500 ms"));
    fixture.proxy.always(BATCH, unprocessed());
    assertThat(FaultFixture.failureOf(table.write(MANY)).kind()).isIn(Kind.THROTTLED, Kind.TIMEOUT);
    assertThat(fixture.proxy.requests(BATCH)).as("with growing pauses").isBetween(4, 80);
  }

  @Test
  void anEmptyResponseAcknowledgesNothing() {
    fixture.proxy.next(BATCH, Fault.answer(200, "{}"));
    FaultFixture.await(table.write(MANY.subList(0, 20)));
    assertThat(fixture.proxy.requests(BATCH)).isEqualTo(2);
    assertThat(stored(MANY.subList(0, 20))).isEqualTo(MANY.subList(0, 20));
  }

  @Test
  void aRefusalNamesTheRefusedKey() {
    Fault refuses =
        exchange -> {
          boolean isFive = exchange.text().contains("{\"S\":\"k5\"}");
          (isFive ? LastingFault.REFUSED.fault() : Fault.none()).play(exchange);
        };
    fixture.proxy.always(BATCH, refuses);
    StoreException failure = FaultFixture.failureOf(table.write(MANY));
    assertThat(failure.kind()).isEqualTo(Kind.INVALID);
    assertThat(failure.keys()).containsExactly(Key.of("k5"));
    fixture.proxy.heal();
    FaultFixture.until(
        "all but it are written",
        () -> stored(MANY).stream().filter(row -> row == null).count() <= 1);
  }

  @Test
  void writesOfAKeyAreSentOneAtATimeInOrder() {
    AtomicInteger inFlight = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    fixture.proxy.always(
        BATCH,
        exchange -> {
          most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
          Answer answer = exchange.ask();
          inFlight.decrementAndGet();
          exchange.answer(answer);
        });
    List<CompletionStage<Void>> writes = new ArrayList<>();
    for (int i = 1; i <= 40; i++) {
      writes.add(table.write(List.of(new Put(Key.of("k"), Row.of(i), i))));
    }
    writes.forEach(FaultFixture::await);
    assertThat(most.get()).isEqualTo(1);
    assertThat(stored(FaultFixture.rows(1, 1))).isNotEmpty();
    assertThat(FaultFixture.await(table.get(List.of(Key.of("k")), spec.all())))
        .containsExactly(new Put(Key.of("k"), Row.of(40), 40));
  }

  private List<Put> stored(List<? extends Change> rows) {
    return FaultFixture.await(table.get(rows.stream().map(Change::key).toList(), spec.all()));
  }

  private static Fault unprocessed() {
    return exchange ->
        exchange.answer(
            Answer.of(
                    200,
                    "{\"UnprocessedItems\":"
                        + exchange.field("RequestItems")
                        + ",\"ConsumedCapacity\":[]}")
                .with("content-type", "application/x-amz-json-1.0"));
  }

  /** Its name keeps the build from running it by itself: only the test above runs it. */
  static class UnguardedKit extends WriteTck {

    @Override
    protected StoreHarness harness() {
      return new StoreHarness() {
        @Override
        public String store() {
          return "dynamodb";
        }

        @Override
        public Map<String, String> options() {
          Map<String, String> options = new HashMap<>(Local.options(stack));
          options.put("write-guard", "unguarded-last-write");
          return options;
        }
      };
    }
  }
}
