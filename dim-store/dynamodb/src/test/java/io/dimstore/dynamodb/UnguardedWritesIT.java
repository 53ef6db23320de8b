package io.dimstore.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.dimstore.stack.Server;
import io.dimstore.tck.DimensionStoreTck;
import io.dimstore.tck.StoreHarness;
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

/** The writes that give up R3 and R4: what they give up, and what they keep. */
class UnguardedWritesIT {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with(Server.DYNAMODB);

  private static final String BATCH = "BatchWriteItem";
  private static final List<Change> MANY = FaultRig.rows(30, 7);

  private FaultRig rig;
  private TableSpec spec;
  private DimensionTable table;

  @BeforeAll
  static void warmUp() throws IOException {
    FaultRig.warmUp(stack);
  }

  @BeforeEach
  void open() throws IOException {
    use(new FaultRig(stack, "write-guard", "unguarded-last-write"));
  }

  private void use(FaultRig fresh) {
    rig = fresh;
    spec = rig.created();
    table = rig.table(spec);
  }

  @AfterEach
  void close() throws IOException {
    rig.close();
  }

  @Test
  void theKitFindsTheRulesOfVersionsAndTombstonesLostAndOthersKept() {
    SummaryGeneratingListener summary = new SummaryGeneratingListener();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(
                    Arrays.stream(DimensionStoreTck.class.getDeclaredClasses())
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
            "r3aAnOlderPutIsSupersededWhichIsSuccess",
            "r3fConcurrentWritersLeaveTheNewest",
            "r4bALateOlderPutDoesNotBringTheRowBack");
    assertThat(broken.stream().filter(name -> !name.startsWith("r3") && !name.startsWith("r4")))
        .as("of the other rules, what an older write that comes late undoes")
        .containsExactly(
            "r5aANewerDeleteStandsBeforeAnOlderPut",
            "r7bAnOldBatchSentAgainUndoesNothingNewer",
            "r8bARowThatArrivesExpiredHidesAnOlderRow",
            "r8cAnExpiredRowHidesOlderRowsAndLateOnes",
            "r8cAnExpiredRowIsRememberedToTheLastMillisecondOfItsRetention");
    assertThat(summary.getSummary().getTestsSucceededCount()).isGreaterThan(15);
  }

  @Test
  void anOlderWriteThatArrivesLastStandsAndBringsBackWhatWasDeleted() {
    Put newer = new Put(Key.of("k"), Row.of(9), 9);
    Put older = new Put(Key.of("k"), Row.of(3), 3);
    FaultRig.await(table.write(List.of(newer)));
    FaultRig.await(table.write(List.of(older)));
    assertThat(stored(List.of(newer))).as("this is what R3 forbids").containsExactly(older);
    FaultRig.await(table.write(List.of(new Delete(Key.of("k"), 12))));
    FaultRig.await(table.write(List.of(older)));
    assertThat(stored(List.of(newer))).as("this is what R4 forbids").containsExactly(older);
  }

  @Test
  void aDeleteLeavesATombstoneAndABatchItsNewest() {
    List<Change> batch = new ArrayList<>(MANY);
    batch.add(new Put(Key.of("k1"), Row.of(-1), 6));
    batch.add(new Delete(Key.of("k2"), 8));
    FaultRig.await(table.write(batch));
    assertThat(rig.proxy.requests(BATCH)).isEqualTo(2);
    assertThat(stored(MANY).get(1)).isEqualTo(MANY.get(1));
    assertThat(stored(MANY).get(2)).isNull();
    var all = new ScanOptions(spec.all(), null, null, true);
    var split = FaultRig.await(table.splits(1, all)).get(0);
    assertThat(FaultRig.await(table.scan(split, 100)).changes())
        .contains(new Delete(Key.of("k2"), 8));
  }

  @Test
  void whatIsLeftUnprocessedIsSentAgainUntilItIsWritten() {
    rig.proxy.next(BATCH, unprocessed(), unprocessed());
    FaultRig.await(table.write(MANY.subList(0, 20)));
    assertThat(rig.proxy.requests(BATCH)).isEqualTo(3);
    assertThat(rig.counts).containsEntry("unprocessed", 40L);
    assertThat(stored(MANY.subList(0, 20))).isEqualTo(MANY.subList(0, 20));
  }

  @Test
  void whatStaysUnprocessedIsNotAcknowledged() throws IOException {
    rig.close();
    use(new FaultRig(stack, "write-guard", "unguarded-last-write", "deadline", "1500 ms"));
    rig.proxy.always(BATCH, unprocessed());
    assertThat(FaultRig.failureOf(table.write(MANY)).kind()).isIn(Kind.THROTTLED, Kind.TIMEOUT);
    assertThat(rig.proxy.requests(BATCH)).as("with growing pauses").isBetween(4, 80);
  }

  @Test
  void anAnswerThatSaysNothingAcknowledgesNothing() {
    rig.proxy.next(BATCH, WireFault.answer(200, "{}"));
    FaultRig.await(table.write(MANY.subList(0, 20)));
    assertThat(rig.proxy.requests(BATCH)).isEqualTo(2);
    assertThat(stored(MANY.subList(0, 20))).isEqualTo(MANY.subList(0, 20));
  }

  @Test
  void aRefusalNamesTheKeyThatIsToBlame() {
    WireFault refuses =
        wire -> {
          boolean isFive = wire.text().contains("{\"S\":\"k5\"}");
          (isFive ? LastingFault.REFUSED.fault() : WireFault.none()).play(wire);
        };
    rig.proxy.always(BATCH, refuses);
    StoreException failure = FaultRig.failureOf(table.write(MANY));
    assertThat(failure.kind()).isEqualTo(Kind.INVALID);
    assertThat(failure.keys()).containsExactly(Key.of("k5"));
    rig.proxy.heal();
    FaultRig.until(
        "all but it are written",
        () -> stored(MANY).stream().filter(row -> row == null).count() <= 1);
  }

  @Test
  void writesOfAKeyAreUnderWayOneAtATimeInTheOrderInWhichTheyCame() {
    AtomicInteger underWay = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    rig.proxy.always(
        BATCH,
        wire -> {
          most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
          Wire.Answer answer = wire.ask();
          underWay.decrementAndGet();
          wire.answer(answer);
        });
    List<CompletionStage<Void>> writes = new ArrayList<>();
    for (int i = 1; i <= 40; i++) {
      writes.add(table.write(List.of(new Put(Key.of("k"), Row.of(i), i))));
    }
    writes.forEach(FaultRig::await);
    assertThat(most.get()).isEqualTo(1);
    assertThat(stored(FaultRig.rows(1, 1))).isNotEmpty();
    assertThat(FaultRig.await(table.get(List.of(Key.of("k")), spec.all())))
        .containsExactly(new Put(Key.of("k"), Row.of(40), 40));
  }

  private List<Put> stored(List<? extends Change> rows) {
    return FaultRig.await(table.get(rows.stream().map(Change::key).toList(), spec.all()));
  }

  private static WireFault unprocessed() {
    return wire ->
        wire.answer(
            Wire.Answer.of(
                    200,
                    "{\"UnprocessedItems\":"
                        + wire.object("RequestItems")
                        + ",\"ConsumedCapacity\":[]}")
                .with("content-type", "application/x-amz-json-1.0"));
  }

  /** Not found by name: it is run by the test above alone. */
  static class UnguardedKit extends DimensionStoreTck {

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
