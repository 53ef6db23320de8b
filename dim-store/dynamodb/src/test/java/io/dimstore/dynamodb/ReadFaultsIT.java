package io.dimstore.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Put;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics.Operation;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.Server;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
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

/** Reads whose requests meet faults on the wire. */
class ReadFaultsIT {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with(Server.DYNAMODB);

  private static final List<Change> ROWS = FaultRig.rows(10, 1);

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
    FaultRig.await(table.write(ROWS));
    rig.forget();
  }

  @AfterEach
  void close() throws IOException {
    rig.close();
  }

  @ParameterizedTest
  @EnumSource
  void aReadThatMeetsItOnceIsSentAgainAndRight(PassingFault fault) throws IOException {
    rig.close();
    use(FaultRig.meeting(fault, stack));
    rig.proxy.next("BatchGetItem", fault.fault());
    assertThat(FaultRig.await(get())).isEqualTo(ROWS);
    int most = fault.mostAttemptsAfter(1);
    assertThat(rig.proxy.requests("BatchGetItem")).isBetween(2, most);
    fault.assertCounted(rig.counts, 1);
    assertThat(rig.requests.requests())
        .singleElement()
        .satisfies(request -> assertThat(request.retries()).isBetween(1, most - 1))
        .satisfies(request -> assertThat(request.failure()).isNull());
  }

  @ParameterizedTest
  @EnumSource(names = {"ERROR_500", "RESET_MID_BODY", "SILENCE"})
  void aReadThatMeetsItEachTimeFailsWithItsKindAfterMaxAttempts(PassingFault fault)
      throws IOException {
    rig.close();
    use(FaultRig.meeting(fault, stack));
    rig.proxy.always("BatchGetItem", fault.fault());
    assertThat(FaultRig.failureOf(get()).kind()).isEqualTo(fault.kind());
    assertThat(rig.proxy.requests("BatchGetItem"))
        .isBetween(fault.kind() == Kind.TIMEOUT ? 2 : 3, 3);
    fault.assertCounted(rig.counts, 3);
    assertThat(rig.requests.requests())
        .singleElement()
        .satisfies(request -> assertThat(request.failure()).isEqualTo(fault.kind()));
    rig.proxy.heal();
    assertThat(FaultRig.await(get())).as("when it has passed").isEqualTo(ROWS);
  }

  @ParameterizedTest
  @EnumSource
  void aReadThatMeetsWhatDoesNotPassFailsAtOnce(LastingFault fault) {
    rig.proxy.always("BatchGetItem", fault.fault());
    assertThat(FaultRig.failureOf(get()).kind()).isEqualTo(fault.kind());
    assertThat(rig.proxy.requests("BatchGetItem")).isEqualTo(1);
    assertThat(rig.counts).containsOnlyKeys(fault.counted());
  }

  @ParameterizedTest
  @EnumSource(names = {"THROTTLED_TABLE", "ERROR_503", "RESET_MID_BODY", "CHECKSUM", "SILENCE"})
  void aScanThatMeetsItNeitherLosesNorRepeatsARow(PassingFault fault) throws IOException {
    rig.close();
    use(FaultRig.meeting(fault, stack));
    ScanSplit next = FaultRig.await(table.splits(1, ScanOptions.rows(spec.all()))).get(0);
    List<Change> seen = new ArrayList<>();
    while (next != null) {
      rig.proxy.next("Scan", fault.fault());
      ScanPage page = FaultRig.await(table.scan(next, 6));
      seen.addAll(page.changes());
      next = page.remaining();
    }
    assertThat(seen).containsExactlyInAnyOrderElementsOf(ROWS);
  }

  @Test
  void keysLeftUnprocessedAreAskedForAgainUntilTheyAreAnswered() {
    WireFault none = unprocessed();
    rig.proxy.next("BatchGetItem", none, none, none);
    assertThat(FaultRig.await(get())).isEqualTo(ROWS);
    assertThat(rig.proxy.requests("BatchGetItem")).isEqualTo(4);
    assertThat(rig.counts).containsEntry("unprocessed", 30L);
  }

  @Test
  void keysThatStayUnprocessedAreUnknownAndNotAbsent() throws IOException {
    rig.close();
    use(new FaultRig(stack, "deadline", "1500 ms"));
    rig.proxy.always("BatchGetItem", unprocessed());
    assertThat(FaultRig.failureOf(get()).kind()).isIn(Kind.THROTTLED, Kind.TIMEOUT);
    assertThat(rig.proxy.requests("BatchGetItem")).as("with growing pauses").isBetween(2, 60);
  }

  @Test
  void anAnswerThatIsNotTheServicesIsUnknownAndNotAbsent() {
    rig.proxy.next("BatchGetItem", WireFault.answer(200, "{}"));
    assertThat(FaultRig.failureOf(get()).kind()).isEqualTo(Kind.UNAVAILABLE);
    String cut = "{\"Responses\":{\"" + spec.name() + "\":[]},\"Unproc";
    for (String answer : List.of(cut, "<html>Log in</html>", "")) {
      rig.proxy.always("BatchGetItem", WireFault.answer(200, answer));
      assertThat(FaultRig.failureOf(get()).kind()).isEqualTo(Kind.UNAVAILABLE);
    }
    ScanSplit split = FaultRig.await(table.splits(1, ScanOptions.rows(spec.all()))).get(0);
    rig.proxy.next("Scan", WireFault.answer(200, "{}"));
    assertThat(FaultRig.failureOf(table.scan(split, 5)).kind()).isEqualTo(Kind.UNAVAILABLE);
  }

  @Test
  void aStuckServerCostsTheDeadlineAndNoConnection() throws IOException {
    rig.close();
    use(new FaultRig(stack, "deadline", "1 s", "max-in-flight", "1"));
    rig.proxy.always("BatchGetItem", WireFault.silence());
    List<CompletionStage<?>> stuck = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      stuck.add(get());
    }
    for (CompletionStage<?> call : stuck) {
      assertThat(FaultRig.failureOf(call).kind()).isEqualTo(Kind.TIMEOUT);
    }
    FaultRig.until("stuck connections are gone", () -> rig.proxy.connections() <= 1);
    rig.proxy.heal();
    assertThat(FaultRig.await(get())).as("its place is free again").isEqualTo(ROWS);
  }

  @Test
  void aStoreThatClosesAmongFaultsLeavesNothingBehind() throws IOException {
    rig.proxy.always("BatchGetItem", WireFault.silence());
    rig.proxy.always("Scan", WireFault.trickle());
    rig.proxy.always("PutItem", PassingFault.THROTTLED_TABLE.fault());
    ScanSplit split = FaultRig.await(table.splits(1, ScanOptions.rows(spec.all()))).get(0);
    List<CompletionStage<?>> pending = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      pending.add(get());
      pending.add(table.scan(split, 5));
      pending.add(table.write(FaultRig.rows(1, 5)));
    }
    FaultRig.until("requests are under way", () -> rig.proxy.requests("BatchGetItem") == 10);
    rig.store.close();
    for (CompletionStage<?> call : pending) {
      assertThat(FaultRig.failureOf(call).kind()).isEqualTo(Kind.CLOSED);
    }
    FaultRig.until("no connection is left", () -> rig.proxy.connections() == 0);
    FaultRig.until(
        "no thread is left",
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("dimstore-dynamodb")));
  }

  @Test
  void aClockThatIsWrongIsCorrectedByTheServers() {
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
    assertThat(FaultRig.await(get())).isEqualTo(ROWS);
    assertThat(signed).hasSize(2);
    assertThat(WireFault.signedAt(signed.get(1)))
        .isBetween(
            WireFault.signedAt(signed.get(0)).plus(hour).minusSeconds(1),
            WireFault.signedAt(signed.get(0)).plus(hour).plusSeconds(30));
  }

  @Test
  void hundredsOfCallsThatFailTogetherAreNotSentMoreThanTheirAttempts() throws IOException {
    rig.close();
    use(new FaultRig(stack, "max-in-flight", "300"));
    rig.proxy.always("BatchGetItem", PassingFault.ERROR_500.fault());
    List<CompletionStage<?>> calls = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      calls.add(get());
    }
    for (CompletionStage<?> call : calls) {
      assertThat(FaultRig.failureOf(call).kind()).isEqualTo(Kind.UNAVAILABLE);
    }
    assertThat(rig.proxy.requests("BatchGetItem")).isBetween(300, 900);
    assertThat(rig.requests.requests())
        .hasSize(300)
        .allMatch(request -> request.operation() == Operation.GET);
  }

  private CompletionStage<List<Put>> get() {
    return table.get(FaultRig.keys(ROWS), spec.all());
  }

  /** No key is answered: what was asked for comes back as it was. */
  static WireFault unprocessed() {
    return wire -> {
      String asked = wire.object("RequestItems");
      wire.answer(
          Wire.Answer.of(200, "{\"Responses\":{},\"UnprocessedKeys\":" + asked + "}")
              .with("content-type", "application/x-amz-json-1.0"));
    };
  }
}
