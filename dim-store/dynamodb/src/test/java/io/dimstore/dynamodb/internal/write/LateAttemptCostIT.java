// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.dynamodb.faults.FaultFixture;
import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.StoreMetrics.Request;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.dynamodb.model.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Measures the cost of writing 1,000 rows, in requests and write units, with the guard against
 * attempts that arrive late.
 */
class LateAttemptCostIT {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("dynamodb");

  private static final int ROWS = 1_000;
  private static final String PUT = "PutItem";
  private static final String STATEMENTS = "BatchExecuteStatement";

  private static final Pattern KEY = Pattern.compile("\"k\\d+\"");

  private FaultFixture fixture;
  private TableSpec spec;
  private DimensionTable table;

  @BeforeAll
  static void warmUp() throws IOException {
    FaultFixture.warmUp(stack);
  }

  @BeforeEach
  void open() throws IOException {
    fixture = new FaultFixture(stack);
    spec = fixture.created();
    table = fixture.table(spec);
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  @Test
  void withoutFaultsNewRowsCostAStatementAndAUnitEach() {
    assertThat(write(1)).isEqualTo(new Cost(0, 40, 1_000));
  }

  @Test
  void withoutFaultsLaterVersionsAndTiesCostAStatementAndAUnitEach() {
    writeUntilSentAsUpdates();
    assertThat(write(9)).as("of a later version").isEqualTo(new Cost(0, 40, 1_000));
    assertThat(write(9)).as("of the same version").isEqualTo(new Cost(0, 40, 1_000));
  }

  @Test
  void withoutFaultsSingleRowsCostAPutAndAUnitEach() {
    fixture.forget();
    List<CompletionStage<Void>> writes = new ArrayList<>();
    for (Change row : FaultFixture.rows(ROWS, 1)) {
      writes.add(table.write(List.of(row)));
    }
    writes.forEach(FaultFixture::await);
    assertThat(cost()).isEqualTo(new Cost(1_000, 0, 1_000));
  }

  /** The response of each first attempt is lost, so that the attempt could also arrive late. */
  @Test
  void afterAnUnknownOutcomeTheNextWriteOfTheVersionCostsAPutMoreForEachRow() {
    writeUntilSentAsUpdates();
    Set<String> seen = ConcurrentHashMap.newKeySet();
    fixture.proxy.always(
        STATEMENTS,
        exchange -> {
          Matcher key = KEY.matcher(exchange.text());
          boolean first = key.find() && seen.add(key.group());
          (first ? Fault.lostAnswer() : Fault.none()).play(exchange);
        });
    assertThat(write(9)).as("each statement twice").isEqualTo(new Cost(0, 80, 1_000));
    fixture.proxy.heal();
    assertThat(write(9)).as("of the same version").isEqualTo(new Cost(1_000, 40, 2_000));
    assertThat(write(10)).as("of a later version").isEqualTo(new Cost(0, 40, 1_000));
    assertThat(write(10)).as("of that version").isEqualTo(new Cost(0, 40, 1_000));
  }

  /** Writes the rows until later ones are sent as updates. */
  private void writeUntilSentAsUpdates() {
    write(1);
    write(2);
  }

  private Cost write(long version) {
    List<Change> rows = FaultFixture.rows(ROWS, version);
    fixture.proxy.reset();
    fixture.requests.reset();
    FaultFixture.await(table.write(rows));
    Cost cost = cost();
    // The queue of a key is released a moment after its write was acknowledged: until then the next
    // write of the key leaves the batch. A read takes longer.
    assertThat(FaultFixture.await(table.get(FaultFixture.keys(rows), spec.all()))).isEqualTo(rows);
    return cost;
  }

  private Cost cost() {
    return new Cost(
        fixture.proxy.requests(PUT),
        fixture.proxy.requests(STATEMENTS),
        fixture.requests.requests().stream().mapToDouble(Request::writeUnits).sum());
  }

  /** The number of requests of each kind, and the write units that the metrics counted. */
  private record Cost(int puts, int statements, double units) {}
}
