package io.dimstore.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.Server;
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

/** What reads ask for on the wire, and which of them share a request. */
class ReadRequestsIT {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with(Server.DYNAMODB);

  private static final String BATCH = "BatchGetItem";
  private static final List<Change> ROWS = FaultRig.rows(10, 1);

  private final List<String> sent = new CopyOnWriteArrayList<>();
  private final CountDownLatch first = new CountDownLatch(1);
  private FaultRig rig;
  private TableSpec spec;
  private DimensionTable table;

  @BeforeAll
  static void warmUp() throws IOException {
    FaultRig.warmUp(stack);
  }

  private void open(String... options) throws IOException {
    rig = new FaultRig(stack, options);
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
  @ValueSource(booleans = {true, false})
  void readsAreStrongOrEventualAsTheOptionSays(boolean strong) throws IOException {
    open("consistent-reads", "" + strong);
    rig.proxy.otherwise(target -> this::note);
    FaultRig.await(table.get(FaultRig.keys(ROWS), spec.all()));
    var split = FaultRig.await(table.splits(1, ScanOptions.rows(spec.all()))).get(0);
    FaultRig.await(table.scan(split, 5));
    assertThat(sent).hasSize(2).allMatch(text -> text.contains("\"ConsistentRead\":" + strong));
    assertThat(rig.requests.requests().get(0).readUnits()).isEqualTo(strong ? 10 : 5);
  }

  @Test
  void onlyTheAttributesThatAreNeededAreAskedFor() throws IOException {
    open();
    rig.proxy.otherwise(target -> this::note);
    FaultRig.await(table.get(FaultRig.keys(ROWS), Projection.of()));
    FaultRig.await(table.get(FaultRig.keys(ROWS), spec.all()));
    assertThat(sent.get(0))
        .contains("\"k\"", "\"__dim_v\"", "\"__dim_x\"", "\"__dim_d\"", "\"__dim_ttl\"")
        .doesNotContain("\"n\"");
    assertThat(sent.get(1)).contains("\"n\"").doesNotContain("__dim_c");
  }

  @Test
  void callsThatWaitForRoomShareARequestAndAKeyOnce() throws IOException {
    open("max-in-flight", "1");
    rig.proxy.always(BATCH, this::noteAndHoldTheFirst);
    List<CompletionStage<List<Put>>> calls = new ArrayList<>();
    calls.add(table.get(FaultRig.keys(ROWS.subList(0, 1)), spec.all()));
    FaultRig.until("the first is under way", () -> sent.size() == 1);
    for (int i = 0; i < 30; i++) {
      calls.add(table.get(FaultRig.keys(ROWS.subList(i % 5, 10)), spec.all()));
    }
    first.countDown();
    assertThat(FaultRig.await(calls.get(0))).isEqualTo(ROWS.subList(0, 1));
    for (int i = 0; i < 30; i++) {
      assertThat(FaultRig.await(calls.get(i + 1))).isEqualTo(ROWS.subList(i % 5, 10));
    }
    assertThat(sent).as("what waited went together").hasSize(2);
    assertThat(sent.get(1).split("\"k3\"", -1)).as("each key once").hasSize(2);
  }

  @Test
  void aReadDoesNotJoinOneThatIsUnderWay() throws IOException {
    open();
    rig.proxy.always(BATCH, this::askThenHoldTheFirst);
    CompletionStage<List<Put>> before = table.get(FaultRig.keys(ROWS), spec.all());
    FaultRig.until("it has been answered and is held", () -> sent.size() == 1);
    List<Change> newer = FaultRig.rows(10, 2);
    FaultRig.await(table.write(newer));
    assertThat(FaultRig.await(table.get(FaultRig.keys(ROWS), spec.all()))).isEqualTo(newer);
    first.countDown();
    assertThat(FaultRig.await(before)).isEqualTo(ROWS);
  }

  @Test
  void aKeyThatTheServiceRefusesCostsTheCallThatAskedForItAlone() throws IOException {
    open("max-in-flight", "1");
    rig.proxy.always(
        BATCH,
        wire -> {
          if (sent.isEmpty()) {
            noteAndHoldTheFirst(wire);
          } else if (wire.text().contains("\"refused\"")) {
            LastingFault.REFUSED.fault().play(wire);
          } else {
            WireFault.none().play(wire);
          }
        });
    CompletionStage<List<Put>> held = table.get(FaultRig.keys(ROWS), spec.all());
    FaultRig.until("the first is under way", () -> sent.size() == 1);
    CompletionStage<List<Put>> good = table.get(FaultRig.keys(ROWS), spec.all());
    CompletionStage<List<Put>> bad =
        table.get(List.of(Key.of("k1"), Key.of("refused")), spec.all());
    first.countDown();
    assertThat(FaultRig.await(held)).isEqualTo(ROWS);
    assertThat(FaultRig.await(good)).isEqualTo(ROWS);
    assertThat(FaultRig.failureOf(bad).kind()).isEqualTo(Kind.INVALID);
  }

  @Test
  void ofCallsThatShareARequestEachGetsWhatItAskedForThoughKeysAreLeftUnprocessed()
      throws IOException {
    open("max-in-flight", "1");
    rig.proxy.always(
        BATCH,
        wire -> {
          if (sent.isEmpty()) {
            noteAndHoldTheFirst(wire);
          } else if (wire.text().contains("\"k1\"") && sent.size() < 4) {
            sent.add(wire.text());
            ReadFaultsIT.unprocessed().play(wire);
          } else {
            WireFault.none().play(wire);
          }
        });
    CompletionStage<List<Put>> held = table.get(List.of(Key.of("k9")), spec.all());
    FaultRig.until("the first is under way", () -> sent.size() == 1);
    CompletionStage<List<Put>> one = table.get(FaultRig.keys(ROWS.subList(0, 5)), spec.all());
    CompletionStage<List<Put>> other = table.get(FaultRig.keys(ROWS), spec.all());
    first.countDown();
    FaultRig.await(held);
    assertThat(FaultRig.await(one)).isEqualTo(ROWS.subList(0, 5));
    assertThat(FaultRig.await(other)).isEqualTo(ROWS);
    assertThat(rig.counts).containsEntry("unprocessed", 30L);
  }

  private void note(Wire wire) throws IOException {
    sent.add(wire.text());
    wire.answer(wire.ask());
  }

  private void noteAndHoldTheFirst(Wire wire) throws IOException {
    sent.add(wire.text());
    if (sent.size() == 1) {
      hold();
    }
    wire.answer(wire.ask());
  }

  private void askThenHoldTheFirst(Wire wire) throws IOException {
    Wire.Answer answer = wire.ask();
    sent.add(wire.text());
    if (sent.size() == 1) {
      hold();
    }
    wire.answer(answer);
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
