// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.faults;

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
import io.dimstore.stack.dynamodb.model.Fault;
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

/** Tests writes with faulty requests. Single rows are puts, several rows are statements. */
class WriteFaultsIT {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("dynamodb");

  private static final String PUT = "PutItem";
  private static final String BATCH = "BatchExecuteStatement";
  private static final List<Change> ONE = List.of(new Put(Key.of("one"), Row.of(1), 7));
  private static final List<Change> MANY = FaultFixture.rows(8, 7);

  private FaultFixture fixture;
  private TableSpec spec;
  private DimensionTable table;

  @BeforeAll
  static void warmUp() throws IOException {
    FaultFixture.warmUp(stack);
  }

  @BeforeEach
  void open() throws IOException {
    use(new FaultFixture(stack));
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
  void aPutWithOneTransientFaultIsRetried(PassingFault fault) throws IOException {
    fixture.close();
    use(FaultFixture.meeting(fault, stack));
    fixture.proxy.next(PUT, fault.fault());
    FaultFixture.await(table.write(ONE));
    assertThat(fixture.proxy.requests(PUT)).isBetween(2, fault.mostAttemptsAfter(1));
    fault.assertCounted(fixture.counts, 1);
    assertStored(ONE);
  }

  @ParameterizedTest
  @EnumSource(
      names = {"THROTTLED_PARTITION", "ERROR_503", "RESET", "LOST_ANSWER", "CHECKSUM", "TRICKLE"})
  void aBatchWithOneTransientFaultIsRetried(PassingFault fault) throws IOException {
    fixture.close();
    use(FaultFixture.meeting(fault, stack));
    fixture.proxy.next(BATCH, fault.fault());
    FaultFixture.await(table.write(MANY));
    assertThat(fixture.proxy.requests(BATCH))
        .as("retried, and sent again as updates if the rows exist by then")
        .isBetween(2, fault.mostAttemptsAfter(2));
    assertThat(fixture.proxy.requests(PUT)).isZero();
    fault.assertCounted(fixture.counts, 1);
    assertStored(MANY);
  }

  @ParameterizedTest
  @EnumSource(names = {"ERROR_503", "RESET"})
  void aWriteWithTheSameFaultOnEachAttemptFailsAfterMaxAttempts(PassingFault fault)
      throws IOException {
    fixture.close();
    use(FaultFixture.meeting(fault, stack));
    fixture.proxy.always(BATCH, fault.fault());
    assertThat(FaultFixture.failureOf(table.write(MANY)).kind()).isEqualTo(fault.kind());
    int fewest = fault.reachesTheNextAttempt() ? 2 : 3;
    assertThat(fixture.proxy.requests(BATCH)).isBetween(fewest, 3);
    fault.assertCounted(fixture.counts, 3);
    fixture.proxy.always(PUT, fault.fault());
    assertThat(FaultFixture.failureOf(table.write(ONE)).kind()).isEqualTo(fault.kind());
    assertThat(fixture.proxy.requests(PUT)).isBetween(fewest, 3);
    fixture.proxy.heal();
    FaultFixture.await(table.write(MANY));
    assertStored(MANY);
  }

  @ParameterizedTest
  @EnumSource
  void aWriteWithAPermanentFaultFailsAtOnce(LastingFault fault) {
    fixture.proxy.always(PUT, fault.fault());
    fixture.proxy.always(BATCH, fault.fault());
    assertThat(FaultFixture.failureOf(table.write(MANY)).kind()).isEqualTo(fault.kind());
    assertThat(fixture.proxy.requests(BATCH)).isEqualTo(1);
    assertThat(fixture.proxy.requests(PUT)).as("at most a put for each row").isLessThanOrEqualTo(8);
    fixture.forget();
    StoreException failure = FaultFixture.failureOf(table.write(ONE));
    assertThat(failure.kind()).isEqualTo(fault.kind());
    assertThat(fixture.proxy.requests(PUT)).isEqualTo(1);
    assertThat(fixture.counts).containsOnlyKeys(fault.counted());
  }

  @Test
  void aPutWithAnEmptyResponseIsRetriedInsteadOfAcknowledged() {
    Fault nothing = Fault.answer(200, "{}");
    fixture.proxy.next(PUT, nothing);
    FaultFixture.await(table.write(ONE));
    assertThat(fixture.proxy.requests(PUT)).isEqualTo(2);
    assertThat(fixture.counts).containsOnlyKeys("failed-unavailable");
    assertStored(ONE);
    fixture.proxy.always(PUT, nothing);
    assertThat(FaultFixture.failureOf(table.write(ONE)).kind()).isEqualTo(Kind.UNAVAILABLE);
  }

  @Test
  void expiredCredentialsAreNotRetriedForEachRow() {
    fixture.proxy.always(PUT, LastingFault.EXPIRED.fault());
    fixture.proxy.always(BATCH, LastingFault.EXPIRED.fault());
    assertThat(FaultFixture.failureOf(table.write(MANY)).kind()).isEqualTo(Kind.DENIED);
    assertThat(fixture.proxy.requests(BATCH)).isEqualTo(1);
    assertThat(fixture.proxy.requests(PUT)).isZero();
  }

  @Test
  void withoutTheRightToStatementsRowsAreWrittenWithPuts() {
    fixture.proxy.always(BATCH, LastingFault.DENIED.fault());
    FaultFixture.await(table.write(MANY));
    assertThat(fixture.proxy.requests(PUT)).isEqualTo(MANY.size());
    assertStored(MANY);
  }

  @Test
  void rowsThrottledWithinAResponseAreSentAgainTogether() {
    Fault throttled = rowErrors("ProvisionedThroughputExceeded");
    fixture.proxy.next(
        BATCH, throttled, rowErrors("ThrottlingError"), rowErrors("RequestLimitExceeded"));
    FaultFixture.await(table.write(MANY));
    assertThat(fixture.proxy.requests(BATCH)).isEqualTo(4);
    assertThat(fixture.proxy.requests(PUT)).isZero();
    assertThat(fixture.counts).containsOnlyKeys("throttled").containsEntry("throttled", 24L);
    assertStored(MANY);
  }

  @Test
  void rowsThatStayThrottledFailAtTheDeadlineAndFreeTheirKeys() throws IOException {
    fixture.close();
    use(new FaultFixture(stack, "deadline", "1500 ms"));
    fixture.proxy.always(BATCH, rowErrors("ThrottlingError"));
    assertThat(FaultFixture.failureOf(table.write(MANY)).kind()).isIn(Kind.THROTTLED, Kind.TIMEOUT);
    assertThat(fixture.proxy.requests(BATCH)).as("with growing pauses").isBetween(2, 60);
    assertThat(fixture.proxy.requests(PUT)).isZero();
    fixture.proxy.heal();
    List<Change> newer = FaultFixture.rows(8, 8);
    FaultFixture.await(table.write(newer));
    assertStored(newer);
  }

  @Test
  void aRowThatWasAppliedDespiteAnInternalErrorIsWrittenOnce() {
    fixture.proxy.next(
        BATCH,
        exchange -> {
          exchange.ask();
          rowErrors("InternalServerError").play(exchange);
        });
    FaultFixture.await(table.write(MANY));
    assertThat(fixture.proxy.requests(PUT)).isZero();
    assertStored(MANY);
  }

  @Test
  void aResponseThatLacksRowsAcknowledgesNone() {
    fixture.proxy.next(BATCH, Fault.answer(200, "{\"Responses\":[{}]}"));
    assertThat(FaultFixture.failureOf(table.write(MANY)).kind()).isEqualTo(Kind.UNAVAILABLE);
    fixture.proxy.always(BATCH, Fault.answer(200, "{}"));
    assertThat(FaultFixture.failureOf(table.write(MANY)).kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(stored(MANY)).allMatch(row -> row == null);
  }

  @Test
  void aWriteWithALostResponseCanBeRepeated() throws IOException {
    fixture.close();
    use(new FaultFixture(stack, "max-attempts", "1"));
    fixture.proxy.next(BATCH, Fault.lostAnswer());
    assertThat(FaultFixture.failureOf(table.write(MANY)).kind()).isEqualTo(Kind.UNAVAILABLE);
    assertStored(MANY);
    FaultFixture.await(table.write(MANY));
    FaultFixture.await(table.write(FaultFixture.rows(8, 6)));
    assertStored(MANY);
  }

  @Test
  void aMissingTableFailsAWriteOfManyRows() {
    assertThat(FaultFixture.failureOf(fixture.table(FaultFixture.spec()).write(MANY)).kind())
        .isEqualTo(Kind.NO_TABLE);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8})
  void aWrongClockIsCorrectedFromTheServersTime(int count) {
    List<Change> rows = FaultFixture.rows(count, 7);
    // The SDK keeps the correction for the whole process, so an earlier test may have caused it.
    Duration hour = Duration.ofHours(1);
    List<String> signed = new CopyOnWriteArrayList<>();
    fixture.proxy.otherwise(
        target ->
            exchange -> {
              signed.add(exchange.header("x-amz-date"));
              boolean first = signed.size() == 1;
              (first ? Fault.signedTooEarly(hour) : Fault.none()).play(exchange);
            });
    FaultFixture.await(table.write(rows));
    assertThat(signed).hasSize(2);
    assertThat(Fault.signedAt(signed.get(1)))
        .isBetween(
            Fault.signedAt(signed.get(0)).plus(hour).minusSeconds(1),
            Fault.signedAt(signed.get(0)).plus(hour).plusSeconds(30));
    assertStored(rows);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8})
  void aHangingServerFailsAWriteAtItsDeadlineAndFreesItsKeys(int count) throws IOException {
    fixture.close();
    use(new FaultFixture(stack, "deadline", "1 s", "max-in-flight", "1"));
    fixture.proxy.always(PUT, Fault.silence());
    fixture.proxy.always(BATCH, Fault.silence());
    List<CompletionStage<?>> stuck = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      stuck.add(table.write(FaultFixture.rows(count, i)));
    }
    for (CompletionStage<?> call : stuck) {
      assertThat(FaultFixture.failureOf(call).kind()).isEqualTo(Kind.TIMEOUT);
    }
    FaultFixture.until("stuck connections are gone", () -> fixture.proxy.connections() <= 1);
    fixture.proxy.heal();
    List<Change> rows = FaultFixture.rows(count, 7);
    FaultFixture.await(table.write(rows));
    assertStored(rows);
  }

  private void assertStored(List<Change> expected) {
    assertThat(stored(expected)).isEqualTo(expected);
  }

  private List<Put> stored(List<Change> rows) {
    return FaultFixture.await(table.get(FaultFixture.keys(rows), spec.all()));
  }

  /** Returns a successful response in which every row of a batch fails with this error. */
  private static Fault rowErrors(String code) {
    String error = "{\"Error\":{\"Code\":\"" + code + "\",\"Message\":\"Later\"}}";
    return Fault.answer(
        200, "{\"Responses\":[" + String.join(",", Collections.nCopies(8, error)) + "]}");
  }
}
