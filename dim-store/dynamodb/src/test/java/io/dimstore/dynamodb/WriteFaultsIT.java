package io.dimstore.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.Server;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Writes whose requests meet faults on the wire: single rows are puts, more are statements. */
class WriteFaultsIT {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with(Server.DYNAMODB);

  private static final String PUT = "PutItem";
  private static final String BATCH = "BatchExecuteStatement";
  private static final List<Change> ONE = List.of(new Put(Key.of("one"), Row.of(1), 7));
  private static final List<Change> MANY = FaultRig.rows(8, 7);

  private FaultRig rig;
  private TableSpec spec;
  private DimensionTable table;

  @BeforeAll
  static void warmUp() throws IOException {
    FaultRig.warmUp(stack);
  }

  @BeforeEach
  void open() throws IOException {
    use(new FaultRig(stack));
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

  @ParameterizedTest
  @EnumSource(
      names = {
        "THROTTLED_TABLE",
        "THROTTLED_ACCOUNT",
        "CONFLICT",
        "ERROR_500",
        "LOST_ANSWER",
        "CHECKSUM",
        "SILENCE"
      })
  void aPutThatMeetsItOnceIsSentAgain(PassingFault fault) throws IOException {
    rig.close();
    use(FaultRig.meeting(fault, stack));
    rig.proxy.next(PUT, fault.fault());
    FaultRig.await(table.write(ONE));
    assertThat(rig.proxy.requests(PUT)).isBetween(2, fault.mostAttemptsAfter(1));
    fault.assertCounted(rig.counts, 1);
    assertStored(ONE);
  }

  @ParameterizedTest
  @EnumSource(
      names = {"THROTTLED_PARTITION", "ERROR_503", "RESET", "LOST_ANSWER", "CHECKSUM", "TRICKLE"})
  void aBatchThatMeetsItOnceIsSentAgain(PassingFault fault) throws IOException {
    rig.close();
    use(FaultRig.meeting(fault, stack));
    rig.proxy.next(BATCH, fault.fault());
    FaultRig.await(table.write(MANY));
    assertThat(rig.proxy.requests(BATCH))
        .as("sent again, and once more as updates where the rows were there by then")
        .isBetween(2, fault.mostAttemptsAfter(2));
    assertThat(rig.proxy.requests(PUT)).isZero();
    fault.assertCounted(rig.counts, 1);
    assertStored(MANY);
  }

  @ParameterizedTest
  @EnumSource(names = {"ERROR_503", "RESET"})
  void aWriteThatMeetsItEachTimeFailsWithItsKindAfterMaxAttempts(PassingFault fault)
      throws IOException {
    rig.close();
    use(FaultRig.meeting(fault, stack));
    rig.proxy.always(BATCH, fault.fault());
    assertThat(FaultRig.failureOf(table.write(MANY)).kind()).isEqualTo(fault.kind());
    assertThat(rig.proxy.requests(BATCH)).isEqualTo(3);
    fault.assertCounted(rig.counts, 3);
    rig.proxy.always(PUT, fault.fault());
    assertThat(FaultRig.failureOf(table.write(ONE)).kind()).isEqualTo(fault.kind());
    assertThat(rig.proxy.requests(PUT)).isEqualTo(3);
    rig.proxy.heal();
    FaultRig.await(table.write(MANY));
    assertStored(MANY);
  }

  @ParameterizedTest
  @EnumSource
  void aWriteThatMeetsWhatDoesNotPassFailsAtOnce(LastingFault fault) {
    rig.proxy.always(PUT, fault.fault());
    rig.proxy.always(BATCH, fault.fault());
    assertThat(FaultRig.failureOf(table.write(MANY)).kind()).isEqualTo(fault.kind());
    assertThat(rig.proxy.requests(BATCH)).isEqualTo(1);
    assertThat(rig.proxy.requests(PUT)).as("a put for each row at most").isLessThanOrEqualTo(8);
    rig.forget();
    StoreException failure = FaultRig.failureOf(table.write(ONE));
    assertThat(failure.kind()).isEqualTo(fault.kind());
    assertThat(rig.proxy.requests(PUT)).isEqualTo(1);
    assertThat(rig.counts).containsOnlyKeys(fault.counted());
  }

  @Test
  void aPutWhoseAnswerSaysNothingIsNotAcknowledgedButSentAgain() {
    WireFault nothing = WireFault.answer(200, "{}");
    rig.proxy.next(PUT, nothing);
    FaultRig.await(table.write(ONE));
    assertThat(rig.proxy.requests(PUT)).isEqualTo(2);
    assertThat(rig.counts).containsOnlyKeys("failed-unavailable");
    assertStored(ONE);
    rig.proxy.always(PUT, nothing);
    assertThat(FaultRig.failureOf(table.write(ONE)).kind()).isEqualTo(Kind.UNAVAILABLE);
  }

  @Test
  void credentialsThatExpiredAreNotTriedOnEachRow() {
    rig.proxy.always(PUT, LastingFault.EXPIRED.fault());
    rig.proxy.always(BATCH, LastingFault.EXPIRED.fault());
    assertThat(FaultRig.failureOf(table.write(MANY)).kind()).isEqualTo(Kind.DENIED);
    assertThat(rig.proxy.requests(BATCH)).isEqualTo(1);
    assertThat(rig.proxy.requests(PUT)).isZero();
  }

  @Test
  void whoMayNotSendStatementsWritesWithPuts() {
    rig.proxy.always(BATCH, LastingFault.DENIED.fault());
    FaultRig.await(table.write(MANY));
    assertThat(rig.proxy.requests(PUT)).isEqualTo(MANY.size());
    assertStored(MANY);
  }

  @Test
  void rowsThatAreThrottledInsideAnAnswerAreSentAgainTogether() {
    WireFault throttled = rowErrors("ProvisionedThroughputExceeded");
    rig.proxy.next(
        BATCH, throttled, rowErrors("ThrottlingError"), rowErrors("RequestLimitExceeded"));
    FaultRig.await(table.write(MANY));
    assertThat(rig.proxy.requests(BATCH)).isEqualTo(4);
    assertThat(rig.proxy.requests(PUT)).isZero();
    assertThat(rig.counts).containsOnlyKeys("throttled").containsEntry("throttled", 24L);
    assertStored(MANY);
  }

  @Test
  void rowsThatStayThrottledFailAtTheDeadlineAndOthersOfTheirKeysGoOn() throws IOException {
    rig.close();
    use(new FaultRig(stack, "deadline", "1500 ms"));
    rig.proxy.always(BATCH, rowErrors("ThrottlingError"));
    assertThat(FaultRig.failureOf(table.write(MANY)).kind()).isIn(Kind.THROTTLED, Kind.TIMEOUT);
    assertThat(rig.proxy.requests(BATCH)).as("with growing pauses").isBetween(2, 60);
    assertThat(rig.proxy.requests(PUT)).isZero();
    rig.proxy.heal();
    List<Change> newer = FaultRig.rows(8, 8);
    FaultRig.await(table.write(newer));
    assertStored(newer);
  }

  @Test
  void aRowThatFailedInsideTheServiceThoughItWasAppliedIsWrittenOnce() {
    rig.proxy.next(
        BATCH,
        wire -> {
          wire.ask();
          rowErrors("InternalServerError").play(wire);
        });
    FaultRig.await(table.write(MANY));
    assertThat(rig.proxy.requests(PUT)).isZero();
    assertStored(MANY);
  }

  @Test
  void anAnswerThatLacksRowsAcknowledgesNone() {
    rig.proxy.next(BATCH, WireFault.answer(200, "{\"Responses\":[{}]}"));
    assertThat(FaultRig.failureOf(table.write(MANY)).kind()).isEqualTo(Kind.UNAVAILABLE);
    rig.proxy.always(BATCH, WireFault.answer(200, "{}"));
    assertThat(FaultRig.failureOf(table.write(MANY)).kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(stored(MANY)).allMatch(row -> row == null);
  }

  @Test
  void aWriteWhoseAnswerIsLostMayHaveBeenAppliedAndCanBeSentAgain() throws IOException {
    rig.close();
    use(new FaultRig(stack, "max-attempts", "1"));
    rig.proxy.next(BATCH, WireFault.lostAnswer());
    assertThat(FaultRig.failureOf(table.write(MANY)).kind()).isEqualTo(Kind.UNAVAILABLE);
    assertStored(MANY);
    FaultRig.await(table.write(MANY));
    FaultRig.await(table.write(FaultRig.rows(8, 6)));
    assertStored(MANY);
  }

  @Test
  void aTableThatIsNotThereFailsAWriteOfManyRows() {
    assertThat(FaultRig.failureOf(rig.table(FaultRig.spec()).write(MANY)).kind())
        .isEqualTo(Kind.NO_TABLE);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8})
  void aClockThatIsWrongIsCorrectedByTheServers(int count) {
    List<Change> rows = FaultRig.rows(count, 7);
    // The SDK keeps what it learned for the whole process: its first time need not be ours.
    Duration hour = Duration.ofHours(1);
    List<String> signed = new CopyOnWriteArrayList<>();
    rig.proxy.otherwise(
        target ->
            wire -> {
              signed.add(wire.header("x-amz-date"));
              boolean first = signed.size() == 1;
              (first ? WireFault.signedTooEarly(hour) : WireFault.none()).play(wire);
            });
    FaultRig.await(table.write(rows));
    assertThat(signed).hasSize(2);
    assertThat(WireFault.signedAt(signed.get(1)))
        .isBetween(
            WireFault.signedAt(signed.get(0)).plus(hour).minusSeconds(1),
            WireFault.signedAt(signed.get(0)).plus(hour).plusSeconds(30));
    assertStored(rows);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8})
  void aStuckServerCostsAWriteItsDeadlineAndItsKeysNothing(int count) throws IOException {
    rig.close();
    use(new FaultRig(stack, "deadline", "1 s", "max-in-flight", "1"));
    rig.proxy.always(PUT, WireFault.silence());
    rig.proxy.always(BATCH, WireFault.silence());
    List<CompletionStage<?>> stuck = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      stuck.add(table.write(FaultRig.rows(count, i)));
    }
    for (CompletionStage<?> call : stuck) {
      assertThat(FaultRig.failureOf(call).kind()).isEqualTo(Kind.TIMEOUT);
    }
    FaultRig.until("stuck connections are gone", () -> rig.proxy.connections() <= 1);
    rig.proxy.heal();
    List<Change> rows = FaultRig.rows(count, 7);
    FaultRig.await(table.write(rows));
    assertStored(rows);
  }

  private void assertStored(List<Change> expected) {
    assertThat(stored(expected)).isEqualTo(expected);
  }

  private List<Put> stored(List<Change> rows) {
    return FaultRig.await(table.get(FaultRig.keys(rows), spec.all()));
  }

  /** Every row of a batch fails so, inside of a success. */
  private static WireFault rowErrors(String code) {
    String error = "{\"Error\":{\"Code\":\"" + code + "\",\"Message\":\"Later\"}}";
    return WireFault.answer(
        200, "{\"Responses\":[" + String.join(",", Collections.nCopies(8, error)) + "]}");
  }
}
