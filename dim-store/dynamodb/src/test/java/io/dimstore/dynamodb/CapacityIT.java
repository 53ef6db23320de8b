package io.dimstore.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.SharedBudget;
import io.dimstore.spi.SharedBudget.Use;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.Server;
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

/**
 * Calls that have to wait: for the units that an option allows, or for a service that throttles.
 */
class CapacityIT {

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

  private void use(String... options) throws IOException {
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

  private CompletionStage<?> get() {
    return table.get(FaultRig.keys(ROWS), spec.all());
  }

  @ParameterizedTest
  @EnumSource(names = {"THROTTLED_PARTITION", "THROTTLED_ACCOUNT"})
  void whatIsThrottledMoreOftenThanMaxAttemptsIsSlowedAndDoesNotFail(PassingFault fault)
      throws IOException {
    use("max-attempts", "1", "deadline", "40 s");
    WireFault[] five = new WireFault[5];
    java.util.Arrays.fill(five, fault.fault());
    rig.proxy.next("BatchGetItem", five);
    rig.proxy.next("BatchExecuteStatement", five);
    assertThat(FaultRig.await(table.get(FaultRig.keys(ROWS), spec.all()))).isEqualTo(ROWS);
    assertThat(rig.proxy.requests("BatchGetItem")).isEqualTo(6);
    FaultRig.await(table.write(FaultRig.rows(10, 2)));
    assertThat(rig.counts).containsEntry("throttled", 10L);
  }

  @Test
  void whatIsThrottledUntilTheDeadlineFailsThenAndIsNotSentWildly() throws IOException {
    use("deadline", "3 s");
    rig.proxy.always("BatchGetItem", PassingFault.THROTTLED_TABLE.fault());
    assertThat(FaultRig.failureOf(get()).kind()).isIn(Kind.THROTTLED, Kind.TIMEOUT);
    assertThat(rig.proxy.requests("BatchGetItem")).isBetween(3, 60);
    rig.proxy.heal();
    assertThat(FaultRig.await(table.get(FaultRig.keys(ROWS), spec.all()))).isEqualTo(ROWS);
  }

  @Test
  void callsThatWaitForUnitsGoWhenThereAreSome() throws IOException {
    use("read.units-per-second", "20");
    List<CompletionStage<?>> calls = new ArrayList<>();
    long begin = System.nanoTime();
    for (int i = 0; i < 6; i++) {
      calls.add(get());
    }
    calls.forEach(FaultRig::await);
    double units = rig.requests.requests().stream().mapToDouble(r -> r.readUnits()).sum();
    double seconds = (System.nanoTime() - begin) / 1e9;
    assertThat(units).isEqualTo(60);
    assertThat(units).as("units in %s s", seconds).isLessThanOrEqualTo(20 + 20 * seconds);
  }

  @Test
  void callsThatWaitForUnitsCountForMaxPendingAndEndAtTheirDeadline() throws IOException {
    use("read.units-per-second", "1", "max-pending", "20", "deadline", "2 s");
    FaultRig.await(get());
    List<CompletionStage<?>> waiting = List.of(get(), get());
    assertThat(FaultRig.failureOf(get()).kind()).isEqualTo(Kind.THROTTLED);
    waiting.forEach(call -> assertThat(FaultRig.failureOf(call).kind()).isEqualTo(Kind.TIMEOUT));
    assertThat(rig.proxy.requests("BatchGetItem")).as("what waited was not sent").isEqualTo(1);
  }

  @Test
  void callsThatWaitForUnitsFailWhenTheStoreCloses() throws IOException {
    use("write.units-per-second", "1");
    CompletionStage<?> waiting = table.write(FaultRig.rows(10, 2));
    rig.store.close();
    assertThat(FaultRig.failureOf(waiting).kind()).isEqualTo(Kind.CLOSED);
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
      calls.forEach(FaultRig::await);
      double seconds = (System.nanoTime() - begin) / 1e9;
      assertThat(60.0).as("units in %s s", seconds).isLessThanOrEqualTo(20 + 20 * seconds);
      half.close();
      half.close();
      FaultRig.await(table.get(List.of(Key.of("k1")), spec.all()));
    }
  }

  @Test
  void hotKeysAreToldWhenAPartitionIsThrottled() throws IOException {
    use("hot-keys", "true");
    for (int i = 0; i < 5; i++) {
      FaultRig.await(table.get(List.of(Key.of("k3"), Key.of("k4")), spec.all()));
    }
    FaultRig.await(table.get(List.of(Key.of("k3")), spec.all()));
    rig.proxy.next("BatchGetItem", PassingFault.THROTTLED_PARTITION.fault());
    FaultRig.await(table.get(List.of(Key.of("k3")), spec.all()));
    assertThat(rig.notes.get("hot-keys." + spec.name() + ".read"))
        .startsWith("(k3) ")
        .contains("(k4) ");
  }

  @Test
  void withoutTheOptionNoKeyIsTold() throws IOException {
    use();
    rig.proxy.next(
        "BatchGetItem",
        PassingFault.THROTTLED_PARTITION.fault(),
        WireFault.none(),
        PassingFault.THROTTLED_PARTITION.fault());
    FaultRig.await(get());
    FaultRig.await(get());
    FaultRig.await(get());
    assertThat(rig.notes).isEmpty();
  }
}
