// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Put;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreMetrics.Operation;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.dynamodb.http.Answer;
import io.dimstore.stack.dynamodb.model.Fault;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests reads with faulty requests. */
public class ReadFaultsIT {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("dynamodb");

  /** Matches the keys of a request; only for requests without brackets in texts. */
  private static final Pattern KEYS = Pattern.compile("\"Keys\":\\[([^\\]]*)\\]");

  private static final List<Change> ROWS = FaultFixture.rows(10, 1);

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
    FaultFixture.await(table.write(ROWS));
    fixture.forget();
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  /** An error, unlike a failure of a request, can come from any class that handles a response. */
  @Test
  void errorWhileAResponseIsHandledFailsTheReadBeforeItsDeadline() {
    AtomicBoolean broken = new AtomicBoolean();
    InstantSource clock =
        () -> {
          if (broken.get()) {
            throw new NoClassDefFoundError("clock");
          }
          return Instant.now();
        };
    try (DimensionStore store =
        DimensionStores.open("dynamodb", Local.options(stack), StoreMetrics.NONE, clock)) {
      DimensionTable read = store.table(spec);
      broken.set(true);
      StoreException failure =
          FaultFixture.failureOf(read.get(FaultFixture.keys(ROWS), spec.all()));
      assertThat(failure).hasRootCauseInstanceOf(NoClassDefFoundError.class);
      broken.set(false);
      assertThat(FaultFixture.await(read.get(FaultFixture.keys(ROWS), spec.all()))).isEqualTo(ROWS);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aReadWithOneTransientFaultIsRetriedAndSucceeds(PassingFault fault) throws IOException {
    fixture.close();
    use(FaultFixture.meeting(fault, stack));
    fixture.proxy.next("BatchGetItem", fault.fault());
    assertThat(FaultFixture.await(get())).isEqualTo(ROWS);
    int most = fault.mostAttemptsAfter(1);
    assertThat(fixture.proxy.requests("BatchGetItem")).isBetween(2, most);
    fault.assertCounted(fixture.counts, 1);
    assertThat(fixture.requests.requests())
        .singleElement()
        .satisfies(request -> assertThat(request.retries()).isBetween(1, most - 1))
        .satisfies(request -> assertThat(request.failure()).isNull());
  }

  @ParameterizedTest
  @EnumSource(names = {"ERROR_500", "RESET_MID_BODY", "SILENCE"})
  void aReadWithTheSameFaultOnEachAttemptFailsAfterMaxAttempts(PassingFault fault)
      throws IOException {
    fixture.close();
    use(FaultFixture.meeting(fault, stack));
    fixture.proxy.always("BatchGetItem", fault.fault());
    assertThat(FaultFixture.failureOf(get()).kind()).isEqualTo(fault.kind());
    assertThat(fixture.proxy.requests("BatchGetItem"))
        .isBetween(fault.reachesTheNextAttempt() ? 2 : 3, 3);
    fault.assertCounted(fixture.counts, 3);
    assertThat(fixture.requests.requests())
        .singleElement()
        .satisfies(request -> assertThat(request.failure()).isEqualTo(fault.kind()));
    fixture.proxy.heal();
    assertThat(FaultFixture.await(get())).as("after the fault").isEqualTo(ROWS);
  }

  @ParameterizedTest
  @EnumSource
  void aReadWithAPermanentFaultFailsAtOnce(LastingFault fault) {
    fixture.proxy.always("BatchGetItem", fault.fault());
    assertThat(FaultFixture.failureOf(get()).kind()).isEqualTo(fault.kind());
    assertThat(fixture.proxy.requests("BatchGetItem")).isEqualTo(1);
    assertThat(fixture.counts).containsOnlyKeys(fault.counted());
  }

  @ParameterizedTest
  @EnumSource(names = {"THROTTLED_TABLE", "ERROR_503", "RESET_MID_BODY", "CHECKSUM", "SILENCE"})
  void aScanWithATransientFaultNeitherLosesNorRepeatsARow(PassingFault fault) throws IOException {
    fixture.close();
    use(FaultFixture.meeting(fault, stack));
    ScanSplit next = FaultFixture.await(table.splits(1, ScanOptions.rows(spec.all()))).get(0);
    List<Change> seen = new ArrayList<>();
    while (next != null) {
      fixture.proxy.next("Scan", fault.fault());
      ScanPage page = FaultFixture.await(table.scan(next, 6));
      seen.addAll(page.changes());
      next = page.remaining();
    }
    assertThat(seen).containsExactlyInAnyOrderElementsOf(ROWS);
  }

  @Test
  void unprocessedKeysAreRequestedAgainUntilTheyAreRead() {
    Fault none = unprocessed();
    fixture.proxy.next("BatchGetItem", none, none, none);
    assertThat(FaultFixture.await(get())).isEqualTo(ROWS);
    assertThat(fixture.proxy.requests("BatchGetItem")).isEqualTo(4);
    assertThat(fixture.counts).containsEntry("unprocessed", 30L);
  }

  @Test
  void keysThatStayUnprocessedFailInsteadOfBeingAbsent() throws IOException {
    fixture.close();
    use(new FaultFixture(stack, "deadline", "1500 ms"));
    fixture.proxy.always("BatchGetItem", unprocessed());
    assertThat(FaultFixture.failureOf(get()).kind()).isIn(Kind.THROTTLED, Kind.TIMEOUT);
    assertThat(fixture.proxy.requests("BatchGetItem")).as("with growing pauses").isBetween(2, 60);
  }

  @Test
  void aForeignResponseFailsInsteadOfMeaningAbsence() {
    fixture.proxy.next("BatchGetItem", Fault.answer(200, "{}"));
    assertThat(FaultFixture.failureOf(get()).kind()).isEqualTo(Kind.UNAVAILABLE);
    String cut = "{\"Responses\":{\"" + spec.name() + "\":[]},\"Unproc";
    for (String answer : List.of(cut, "<html>Log in</html>", "")) {
      fixture.proxy.always("BatchGetItem", Fault.answer(200, answer));
      assertThat(FaultFixture.failureOf(get()).kind()).isEqualTo(Kind.UNAVAILABLE);
    }
    ScanSplit split = FaultFixture.await(table.splits(1, ScanOptions.rows(spec.all()))).get(0);
    fixture.proxy.next("Scan", Fault.answer(200, "{}"));
    assertThat(FaultFixture.failureOf(table.scan(split, 5)).kind()).isEqualTo(Kind.UNAVAILABLE);
  }

  @Test
  void aHangingServerFailsReadsAtTheDeadlineAndLeaksNoConnection() throws IOException {
    fixture.close();
    use(new FaultFixture(stack, "deadline", "1 s", "max-in-flight", "1"));
    fixture.proxy.always("BatchGetItem", Fault.silence());
    List<CompletionStage<?>> stuck = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      stuck.add(get());
    }
    for (CompletionStage<?> call : stuck) {
      assertThat(FaultFixture.failureOf(call).kind()).isEqualTo(Kind.TIMEOUT);
    }
    FaultFixture.until("stuck connections are gone", () -> fixture.proxy.connections() <= 1);
    fixture.proxy.heal();
    assertThat(FaultFixture.await(get())).as("the request is no longer in flight").isEqualTo(ROWS);
  }

  @Test
  void closingDuringFaultsLeaksNothing() throws IOException {
    fixture.proxy.always("BatchGetItem", Fault.silence());
    fixture.proxy.always("Scan", Fault.trickle());
    fixture.proxy.always("PutItem", PassingFault.THROTTLED_TABLE.fault());
    ScanSplit split = FaultFixture.await(table.splits(1, ScanOptions.rows(spec.all()))).get(0);
    List<CompletionStage<?>> pending = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      pending.add(get());
      pending.add(table.scan(split, 5));
      pending.add(table.write(FaultFixture.rows(1, 5)));
    }
    FaultFixture.until(
        "requests are in flight", () -> fixture.proxy.requests("BatchGetItem") == 10);
    fixture.store.close();
    for (CompletionStage<?> call : pending) {
      assertThat(FaultFixture.failureOf(call).kind()).isEqualTo(Kind.CLOSED);
    }
    FaultFixture.until("no connection is left", () -> fixture.proxy.connections() == 0);
    FaultFixture.until(
        "no thread is left",
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("dimstore-dynamodb")));
  }

  @Test
  void aWrongClockIsCorrectedFromTheServersTime() {
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
    assertThat(FaultFixture.await(get())).isEqualTo(ROWS);
    assertThat(signed).hasSize(2);
    assertThat(Fault.signedAt(signed.get(1)))
        .isBetween(
            Fault.signedAt(signed.get(0)).plus(hour).minusSeconds(1),
            Fault.signedAt(signed.get(0)).plus(hour).plusSeconds(30));
  }

  @Test
  void manyCallsThatFailTogetherMakeNoExtraAttempts() throws IOException {
    fixture.close();
    use(new FaultFixture(stack, "max-in-flight", "300"));
    fixture.proxy.always("BatchGetItem", PassingFault.ERROR_500.fault());
    List<CompletionStage<?>> calls = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      calls.add(get());
    }
    for (CompletionStage<?> call : calls) {
      assertThat(FaultFixture.failureOf(call).kind()).isEqualTo(Kind.UNAVAILABLE);
    }
    assertThat(fixture.proxy.requests("BatchGetItem")).isBetween(300, 900);
    assertThat(fixture.requests.requests())
        .hasSize(300)
        .allMatch(request -> request.operation() == Operation.GET);
  }

  private CompletionStage<List<Put>> get() {
    return table.get(FaultFixture.keys(ROWS), spec.all());
  }

  /**
   * Forwards a request for the first keys only, and reports the others as unprocessed.
   *
   * @param processed returns the number of keys to process, of this many
   */
  public static Fault processed(IntUnaryOperator processed) {
    return exchange -> {
      Matcher keys = KEYS.matcher(exchange.text());
      assertThat(keys.find()).as("keys in %s", exchange.text()).isTrue();
      String[] each = keys.group(1).split("(?<=\\}\\}),");
      int some = processed.applyAsInt(each.length);
      if (some == each.length) {
        Fault.none().play(exchange);
        return;
      }
      if (some == 0) {
        unprocessed().play(exchange);
        return;
      }
      String left = keysIn(exchange.field("RequestItems"), each, some, each.length);
      Answer answer = exchange.ask(keysIn(exchange.text(), each, 0, some));
      assertThat(answer.text()).contains("\"UnprocessedKeys\":{}");
      exchange.answer(
          answer.rewritten(
              answer.text().replace("\"UnprocessedKeys\":{}", "\"UnprocessedKeys\":" + left)));
    };
  }

  private static String keysIn(String request, String[] each, int from, int to) {
    String keys = String.join(",", Arrays.asList(each).subList(from, to));
    return KEYS.matcher(request).replaceFirst(Matcher.quoteReplacement("\"Keys\":[" + keys + "]"));
  }

  public static Fault unprocessed() {
    return exchange -> {
      String asked = exchange.field("RequestItems");
      exchange.answer(
          Answer.of(200, "{\"Responses\":{},\"UnprocessedKeys\":" + asked + "}")
              .with("content-type", "application/x-amz-json-1.0"));
    };
  }
}
