// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.dynamodb.faults.FaultFixture;
import io.dimstore.dynamodb.faults.PassingFault;
import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.SharedBudget;
import io.dimstore.spi.SharedBudget.Use;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.dynamodb.model.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests calls that must wait for the units of a limit, or for a service that throttles. */
class CapacityIT {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("dynamodb");

  private static final List<Change> ROWS = FaultFixture.rows(10, 1);

  private FaultFixture fixture;
  private TableSpec spec;
  private DimensionTable table;

  @BeforeAll
  static void warmUp() throws IOException {
    FaultFixture.warmUp(stack);
  }

  private void use(String... options) throws IOException {
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

  private CompletionStage<?> get() {
    return table.get(FaultFixture.keys(ROWS), spec.all());
  }

  @ParameterizedTest
  @EnumSource(names = {"THROTTLED_PARTITION", "THROTTLED_ACCOUNT"})
  void aRequestThrottledMoreThanMaxAttemptsSlowsDownAndSucceeds(PassingFault fault)
      throws IOException {
    use("max-attempts", "1", "deadline", "40 s");
    Fault[] five = new Fault[5];
    java.util.Arrays.fill(five, fault.fault());
    fixture.proxy.next("BatchGetItem", five);
    fixture.proxy.next("BatchExecuteStatement", five);
    assertThat(FaultFixture.await(table.get(FaultFixture.keys(ROWS), spec.all()))).isEqualTo(ROWS);
    assertThat(fixture.proxy.requests("BatchGetItem")).isEqualTo(6);
    FaultFixture.await(table.write(FaultFixture.rows(10, 2)));
    assertThat(fixture.counts).containsEntry("throttled", 10L);
  }

  @Test
  void aRequestThrottledUntilItsDeadlineFailsAfterFewAttempts() throws IOException {
    use("deadline", "3 s");
    fixture.proxy.always("BatchGetItem", PassingFault.THROTTLED_TABLE.fault());
    assertThat(FaultFixture.failureOf(get()).kind()).isIn(Kind.THROTTLED, Kind.TIMEOUT);
    assertThat(fixture.proxy.requests("BatchGetItem")).isBetween(3, 60);
    fixture.proxy.heal();
    assertThat(FaultFixture.await(table.get(FaultFixture.keys(ROWS), spec.all()))).isEqualTo(ROWS);
  }

  @Test
  void callsWaitUntilUnitsAreAvailable() throws IOException {
    use("read.units-per-second", "20");
    List<CompletionStage<?>> calls = new ArrayList<>();
    long begin = System.nanoTime();
    for (int i = 0; i < 6; i++) {
      calls.add(get());
    }
    calls.forEach(FaultFixture::await);
    double units = fixture.requests.requests().stream().mapToDouble(r -> r.readUnits()).sum();
    double seconds = (System.nanoTime() - begin) / 1e9;
    assertThat(units).isEqualTo(60);
    assertThat(units).as("units in %s s", seconds).isLessThanOrEqualTo(20 + 20 * seconds);
  }

  @Test
  void callsWaitingForUnitsCountAsPendingAndEndAtTheirDeadline() throws IOException {
    use("read.units-per-second", "1", "max-pending", "20", "deadline", "2 s");
    FaultFixture.await(get());
    List<CompletionStage<?>> waiting = List.of(get(), get());
    assertThat(FaultFixture.failureOf(get()).kind()).isEqualTo(Kind.THROTTLED);
    waiting.forEach(
        call -> assertThat(FaultFixture.failureOf(call).kind()).isEqualTo(Kind.TIMEOUT));
    assertThat(fixture.proxy.requests("BatchGetItem"))
        .as("waiting requests are not sent")
        .isEqualTo(1);
  }

  @Test
  void callsWaitingForUnitsFailWhenTheStoreCloses() throws IOException {
    use("write.units-per-second", "1");
    CompletionStage<?> waiting = table.write(FaultFixture.rows(10, 2));
    fixture.store.close();
    assertThat(FaultFixture.failureOf(waiting).kind()).isEqualTo(Kind.CLOSED);
  }

  @Test
  void partsOfABudgetAddUpInAStore() throws IOException {
    use("read.units-per-second", "40");
    SharedBudget budget = (SharedBudget) table;
    try (SharedBudget.Part half = budget.join(Use.READ, 0.25);
        SharedBudget.Part quarter = budget.join(Use.READ, 0.25)) {
      List<CompletionStage<?>> calls = new ArrayList<>();
      long begin = System.nanoTime();
      for (int i = 0; i < 6; i++) {
        calls.add(get());
      }
      calls.forEach(FaultFixture::await);
      double seconds = (System.nanoTime() - begin) / 1e9;
      assertThat(60.0).as("units in %s s", seconds).isLessThanOrEqualTo(20 + 20 * seconds);
      half.close();
      half.close();
      FaultFixture.await(table.get(List.of(Key.of("k1")), spec.all()));
    }
  }

  @Test
  void hotKeysAreReportedWhenAPartitionIsThrottled() throws IOException {
    use("hot-keys", "true");
    for (int i = 0; i < 5; i++) {
      FaultFixture.await(table.get(List.of(Key.of("k3"), Key.of("k4")), spec.all()));
    }
    FaultFixture.await(table.get(List.of(Key.of("k3")), spec.all()));
    fixture.proxy.next("BatchGetItem", PassingFault.THROTTLED_PARTITION.fault());
    FaultFixture.await(table.get(List.of(Key.of("k3")), spec.all()));
    assertThat(fixture.notes.get("hot-keys.read." + spec.name()))
        .startsWith("(k3) ")
        .contains("(k4) ");
  }

  @Test
  void withoutTheOptionNoKeyIsReported() throws IOException {
    use();
    fixture.proxy.next(
        "BatchGetItem",
        PassingFault.THROTTLED_PARTITION.fault(),
        Fault.none(),
        PassingFault.THROTTLED_PARTITION.fault());
    FaultFixture.await(get());
    FaultFixture.await(get());
    FaultFixture.await(get());
    assertThat(fixture.notes).isEmpty();
  }
}
