// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.dynamodb.faults.FaultFixture;
import io.dimstore.dynamodb.faults.LastingFault;
import io.dimstore.dynamodb.faults.ReadFaultsIT;
import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.dynamodb.http.Answer;
import io.dimstore.stack.dynamodb.model.Exchange;
import io.dimstore.stack.dynamodb.model.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the content of read requests, and which calls share a request. */
class ReadRequestsIT {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("dynamodb");

  private static final String BATCH = "BatchGetItem";
  private static final List<Change> ROWS = FaultFixture.rows(10, 1);

  private final List<String> sent = new CopyOnWriteArrayList<>();
  private final CountDownLatch first = new CountDownLatch(1);
  private FaultFixture fixture;
  private TableSpec spec;
  private DimensionTable table;

  @BeforeAll
  static void warmUp() throws IOException {
    FaultFixture.warmUp(stack);
  }

  private void open(String... options) throws IOException {
    fixture = new FaultFixture(stack, options);
    spec = fixture.created();
    table = fixture.table(spec);
    FaultFixture.await(table.write(ROWS));
    fixture.forget();
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theOptionSelectsStrongOrEventualReads(boolean strong) throws IOException {
    open("consistent-reads", "" + strong);
    fixture.proxy.otherwise(target -> this::note);
    FaultFixture.await(table.get(FaultFixture.keys(ROWS), spec.all()));
    var split = FaultFixture.await(table.splits(1, ScanOptions.rows(spec.all()))).get(0);
    FaultFixture.await(table.scan(split, 5));
    assertThat(sent).hasSize(2).allMatch(text -> text.contains("\"ConsistentRead\":" + strong));
    assertThat(fixture.requests.requests().get(0).readUnits()).isEqualTo(strong ? 10 : 5);
  }

  @Test
  void onlyNeededAttributesAreRequested() throws IOException {
    open();
    fixture.proxy.otherwise(target -> this::note);
    FaultFixture.await(table.get(FaultFixture.keys(ROWS), Projection.of()));
    FaultFixture.await(table.get(FaultFixture.keys(ROWS), spec.all()));
    assertThat(sent.get(0))
        .contains("\"k\"", "\"__dim_v\"", "\"__dim_x\"", "\"__dim_d\"", "\"__dim_ttl\"")
        .doesNotContain("\"n\"");
    assertThat(sent.get(1)).contains("\"n\"").doesNotContain("__dim_c");
  }

  @Test
  void waitingCallsShareARequestWithDistinctKeys() throws IOException {
    open("max-in-flight", "1");
    fixture.proxy.always(BATCH, this::noteAndHoldTheFirst);
    List<CompletionStage<List<Put>>> calls = new ArrayList<>();
    calls.add(table.get(FaultFixture.keys(ROWS.subList(0, 1)), spec.all()));
    FaultFixture.until("the first is in flight", () -> sent.size() == 1);
    for (int i = 0; i < 30; i++) {
      calls.add(table.get(FaultFixture.keys(ROWS.subList(i % 5, 10)), spec.all()));
    }
    first.countDown();
    assertThat(FaultFixture.await(calls.get(0))).isEqualTo(ROWS.subList(0, 1));
    for (int i = 0; i < 30; i++) {
      assertThat(FaultFixture.await(calls.get(i + 1))).isEqualTo(ROWS.subList(i % 5, 10));
    }
    assertThat(sent).as("waiting keys share a request").hasSize(2);
    assertThat(sent.get(1).split("\"k3\"", -1)).as("each key once").hasSize(2);
  }

  @Test
  void aReadDoesNotJoinARequestInFlight() throws IOException {
    open();
    fixture.proxy.always(BATCH, this::askThenHoldTheFirst);
    CompletionStage<List<Put>> before = table.get(FaultFixture.keys(ROWS), spec.all());
    FaultFixture.until("it has been answered and is held", () -> sent.size() == 1);
    List<Change> newer = FaultFixture.rows(10, 2);
    FaultFixture.await(table.write(newer));
    assertThat(FaultFixture.await(table.get(FaultFixture.keys(ROWS), spec.all()))).isEqualTo(newer);
    first.countDown();
    assertThat(FaultFixture.await(before)).isEqualTo(ROWS);
  }

  @Test
  void aRefusedKeyFailsOnlyItsOwnCall() throws IOException {
    open("max-in-flight", "1");
    fixture.proxy.always(
        BATCH,
        exchange -> {
          if (sent.isEmpty()) {
            noteAndHoldTheFirst(exchange);
          } else if (exchange.text().contains("\"refused\"")) {
            LastingFault.REFUSED.fault().play(exchange);
          } else {
            Fault.none().play(exchange);
          }
        });
    CompletionStage<List<Put>> held = table.get(FaultFixture.keys(ROWS), spec.all());
    FaultFixture.until("the first is in flight", () -> sent.size() == 1);
    CompletionStage<List<Put>> good = table.get(FaultFixture.keys(ROWS), spec.all());
    CompletionStage<List<Put>> bad =
        table.get(List.of(Key.of("k1"), Key.of("refused")), spec.all());
    first.countDown();
    assertThat(FaultFixture.await(held)).isEqualTo(ROWS);
    assertThat(FaultFixture.await(good)).isEqualTo(ROWS);
    assertThat(FaultFixture.failureOf(bad).kind()).isEqualTo(Kind.INVALID);
  }

  @Test
  void callsThatShareARequestGetTheirOwnRowsDespiteUnprocessedKeys() throws IOException {
    open("max-in-flight", "1");
    fixture.proxy.always(
        BATCH,
        exchange -> {
          if (sent.isEmpty()) {
            noteAndHoldTheFirst(exchange);
          } else if (exchange.text().contains("\"k1\"") && sent.size() < 4) {
            sent.add(exchange.text());
            ReadFaultsIT.unprocessed().play(exchange);
          } else {
            Fault.none().play(exchange);
          }
        });
    CompletionStage<List<Put>> held = table.get(List.of(Key.of("k9")), spec.all());
    FaultFixture.until("the first is in flight", () -> sent.size() == 1);
    CompletionStage<List<Put>> one = table.get(FaultFixture.keys(ROWS.subList(0, 5)), spec.all());
    CompletionStage<List<Put>> other = table.get(FaultFixture.keys(ROWS), spec.all());
    first.countDown();
    FaultFixture.await(held);
    assertThat(FaultFixture.await(one)).isEqualTo(ROWS.subList(0, 5));
    assertThat(FaultFixture.await(other)).isEqualTo(ROWS);
    assertThat(fixture.counts).containsEntry("unprocessed", 30L);
  }

  private void note(Exchange exchange) throws IOException {
    sent.add(exchange.text());
    exchange.answer(exchange.ask());
  }

  private void noteAndHoldTheFirst(Exchange exchange) throws IOException {
    sent.add(exchange.text());
    if (sent.size() == 1) {
      hold();
    }
    exchange.answer(exchange.ask());
  }

  private void askThenHoldTheFirst(Exchange exchange) throws IOException {
    Answer answer = exchange.ask();
    sent.add(exchange.text());
    if (sent.size() == 1) {
      hold();
    }
    exchange.answer(answer);
  }

  private void hold() throws IOException {
    try {
      if (!first.await(20, TimeUnit.SECONDS)) {
        throw new IOException("Held for too long");
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
