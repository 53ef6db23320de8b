// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.dynamodb.faults.FaultFixture;
import io.dimstore.dynamodb.internal.encoding.ItemLayout;
import io.dimstore.dynamodb.internal.encoding.ItemSize;
import io.dimstore.dynamodb.internal.encoding.KeyLayout;
import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreMetrics.Operation;
import io.dimstore.spi.StoreMetrics.Request;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.dynamodb.http.Answer;
import io.dimstore.stack.dynamodb.model.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the units in the metrics with those in the server's responses. */
class UnitsIT {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("dynamodb");

  private static final Pattern SAID = Pattern.compile("\"CapacityUnits\":([0-9.E-]+)");

  private final DoubleAdder said = new DoubleAdder();
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
    spec = fixture.textTable();
    table = fixture.table(spec);
    fixture.proxy.otherwise(
        target ->
            exchange -> {
              Answer answer = exchange.ask();
              Matcher units = SAID.matcher(answer.text());
              while (units.find()) {
                said.add(Double.parseDouble(units.group(1)));
              }
              exchange.answer(answer);
            });
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  /** Returns a row whose item has exactly this size in bytes. */
  private static Put row(String key, int bytes, long version) {
    Put empty = new Put(Key.of(key), Row.of(""), version);
    return new Put(empty.key(), Row.of("x".repeat(bytes - sizeOf(empty))), version);
  }

  private static int sizeOf(Put put) {
    TableSpec spec = FaultFixture.textSpec();
    return ItemSize.of(
        new ItemLayout(spec, KeyLayout.of(spec), 1_000).encode(put, System.currentTimeMillis()));
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 1023, 1024, 1025, 2047, 2048, 2049, 4096, 4097, 100_000})
  void theCostOfAPutMatchesServerAndFormula(int bytes) {
    FaultFixture.await(table.write(List.of(row("a", bytes, 1))));
    assertThat(only().writeUnits()).isEqualTo(said.sum()).isEqualTo(ItemSize.writeUnits(bytes));
    assertThat(only().computed()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {1024, 1025})
  void aPutCostsTheLargerOneOfTheItemBeforeAndAfter(int after) {
    FaultFixture.await(table.write(List.of(row("a", 3_000, 1))));
    forget();
    FaultFixture.await(table.write(List.of(row("a", after, 2))));
    assertThat(only().writeUnits()).isEqualTo(said.sum()).isEqualTo(3);
  }

  @Test
  void aRefusedPutCostsTheLargerItemAndIsMarkedAsComputed() {
    FaultFixture.await(table.write(List.of(row("a", 3_000, 5))));
    forget();
    FaultFixture.await(table.write(List.of(row("a", 100, 4))));
    assertThat(only().writeUnits()).isEqualTo(3);
    assertThat(only().computed()).isTrue();
    assertThat(said.sum()).as("the server reports no units").isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void statementsCostEachItemRoundedUpAndAreMarkedAsComputedIfTheServerReportsNone(
      boolean reported) {
    if (!reported) {
      fixture.proxy.always(
          "BatchExecuteStatement",
          Fault.rewritten(text -> text.replace("\"ConsumedCapacity\"", "\"NotReported\"")));
    }
    List<Change> rows = new ArrayList<>();
    int units = 0;
    for (int bytes : new int[] {100, 1023, 1024, 1025, 2048, 2049}) {
      rows.add(row("k" + bytes, bytes, 5));
      units += (bytes + 1023) / 1024;
    }
    FaultFixture.await(table.write(rows));
    assertThat(only().writeUnits()).isEqualTo(units);
    assertThat(only().computed()).isEqualTo(!reported);
    assertThat(said.sum()).isEqualTo(reported ? units : 0);
  }

  @Test
  void supersededStatementsCostTheStoredItem() {
    List<Change> rows =
        List.of(row("a", 3_000, 5), row("b", 10_000, 5), row("c", 90, 5), row("d", 90, 5));
    // Until rows are sent as updates: only those return the stored item.
    for (int i = 0; i < 8; i++) {
      FaultFixture.await(table.write(rows));
    }
    // The queue of a key is released a moment after its write was acknowledged: until then the next
    // write of the key waits, and leaves the batch. A read takes longer.
    FaultFixture.await(table.get(FaultFixture.keys(rows), spec.all()));
    forget();
    List<Change> older =
        List.of(row("a", 90, 4), row("b", 90, 4), row("c", 5_000, 4), row("d", 90, 4));
    FaultFixture.await(table.write(older));
    assertThat(only().writeUnits()).isEqualTo(3 + 10 + 5 + 1);
    assertThat(fixture.counts).containsEntry("superseded", 4L);
  }

  @Test
  void aDeleteCostsTheLargerOneOfTheRowAndItsTombstone() {
    FaultFixture.await(table.write(List.of(row("a", 3_000, 1))));
    forget();
    FaultFixture.await(table.write(List.of(new Delete(Key.of("a"), 2))));
    assertThat(only().writeUnits()).isEqualTo(said.sum()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void readsCostEachItemRoundedUpAndHalfWhereTheyAreEventual(boolean strong) throws IOException {
    fixture.close();
    use(new FaultFixture(stack, "consistent-reads", Boolean.toString(strong)));
    List<Change> rows = new ArrayList<>();
    double units = 0;
    for (int bytes : new int[] {100, 4095, 4096, 4097, 8192, 8193}) {
      rows.add(row("k" + bytes, bytes, 5));
      int halves = (bytes + 4095) / 4096 * (strong ? 2 : 1);
      units += halves / 2.0;
    }
    FaultFixture.await(table.write(rows));
    forget();
    FaultFixture.await(table.get(FaultFixture.keys(rows), spec.all()));
    assertThat(only().readUnits()).isEqualTo(said.sum()).isEqualTo(units);
    forget();
    FaultFixture.await(table.get(List.of(Key.of("absent")), spec.all()));
    assertThat(only().readUnits()).as("an absent row").isEqualTo(said.sum());
    assertThat(only().computed()).isFalse();
  }

  @Test
  void theCostOfEachScanPageMatchesTheServer() {
    List<Change> rows =
        IntStream.range(0, 40).mapToObj(i -> (Change) row("k" + i, 3_000, 1)).toList();
    FaultFixture.await(table.write(rows));
    forget();
    assertThat(scanned(7)).containsExactlyInAnyOrderElementsOf(rows);
    double reported = fixture.requests.requests().stream().mapToDouble(Request::readUnits).sum();
    assertThat(reported).isEqualTo(said.sum()).isGreaterThanOrEqualTo(40 * 3_000 / 4096.0);
  }

  @Test
  void aScanWithABudgetReadsPagesThatFitIntoIt() throws IOException {
    fixture.close();
    use(new FaultFixture(stack, "read.units-per-second", "20"));
    List<Change> rows =
        IntStream.range(0, 60).mapToObj(i -> (Change) row("k" + i, 8_000, 1)).toList();
    FaultFixture.await(table.write(rows));
    forget();
    assertThat(scanned(1_000)).containsExactlyInAnyOrderElementsOf(rows);
    List<Request> pages = fixture.requests.requests();
    assertThat(pages).allSatisfy(page -> assertThat(page.operation()).isEqualTo(Operation.SCAN));
    assertThat(pages.subList(1, pages.size()))
        .as("after the first page, before which the size of entries is unknown")
        .allSatisfy(page -> assertThat(page.readUnits()).isLessThanOrEqualTo(40));
    assertThat(pages.get(0).readUnits()).isLessThanOrEqualTo(40);
    assertThat(pages).hasSizeGreaterThan(4);
  }

  private List<Change> scanned(int entries) {
    List<Change> seen = new ArrayList<>();
    ScanSplit next = FaultFixture.await(table.splits(1, ScanOptions.rows(spec.all()))).get(0);
    while (next != null) {
      ScanPage page = FaultFixture.await(table.scan(next, entries));
      seen.addAll(page.changes());
      next = page.remaining();
    }
    return seen;
  }

  private void forget() {
    fixture.forget();
    said.reset();
  }

  private Request only() {
    assertThat(fixture.requests.requests()).hasSize(1);
    return fixture.requests.requests().get(0);
  }
}
