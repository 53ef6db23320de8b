// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.jobs.JobException;
import io.dimstore.jobs.StoreCalls;
import io.dimstore.memory.MemoryStores;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StorePreflightTest {

  private final String instance = UUID.randomUUID().toString();
  private final StoreTable users = table("user");
  private final StoreTable items = table("item");

  @AfterEach
  void forget() {
    MemoryStores.clear(instance);
  }

  @Test
  void aTableThatMustExistIsNamedWithTheRemedy() throws Exception {
    create(users);
    StorePreflight.requireForJob(List.of(users), List.of(items));
    assertThatThrownBy(() -> StorePreflight.requireForJob(List.of(users, items), List.of()))
        .isInstanceOf(JobException.class)
        .hasMessage(
            "Store 'memory': NO_TABLE: Store 'memory' has no table 'dim_item': create it first."
                + " Remedy: fill table dim_item first, for instance with 'bin/dimstore write run'.");
  }

  @Test
  void aCommandThatReadsATableNeedsIt() throws Exception {
    assertThatThrownBy(() -> StorePreflight.requireTable(users))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("dim_user");
    create(users);
    assertThatCode(() -> StorePreflight.requireTable(users)).doesNotThrowAnyException();
    assertThatCode(() -> StorePreflight.requireAllServers(users)).doesNotThrowAnyException();
  }

  /** A reader may lack the permission to list tables. */
  @Test
  void aServerThatRefusesAPingHasAnswered() {
    StorePing refused = failed(users, StoreException.Kind.DENIED);
    assertThatCode(() -> StorePreflight.requireAnswer(refused, users)).doesNotThrowAnyException();
    assertThatThrownBy(() -> StorePreflight.requireTable(refused, users))
        .hasMessageContaining("create it first");
  }

  @Test
  void aServerThatDoesNotAnswerAPingIsNotAskedAgain() throws Exception {
    create(users);
    StorePing absent = failed(users, StoreException.Kind.UNAVAILABLE);
    assertThatThrownBy(() -> StorePreflight.requireAnswer(absent, users)).hasMessage("by the test");
    assertThatThrownBy(() -> StorePreflight.requireTable(absent, users)).hasMessage("by the test");
  }

  private static StorePing failed(StoreTable table, StoreException.Kind kind) {
    return new StorePing(
        table.store(),
        table.storeOptions(),
        StorePing.Scope.TABLES,
        CompletableFuture.failedFuture(new StoreException(kind, "by the test")));
  }

  @Test
  void theFirstCallOfACheckEndsWithinTenSeconds() {
    assertThat(StoreCalls.PATIENCE).isLessThan(StorePreflight.LIMIT);
    assertThat(StorePreflight.LIMIT).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void aWrongOptionIsRefused() {
    StoreTable wrong =
        new StoreTable("memory", Map.of("deadlin", "1 s"), Dimensions.builtIn("user").table());
    assertThatThrownBy(() -> StorePreflight.requireForJob(List.of(wrong), List.of()))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("deadline")
        .hasCauseInstanceOf(StoreException.class);
  }

  private StoreTable table(String dimension) {
    return new StoreTable(
        "memory",
        Map.of("instance", instance, "deadline", "1 h"),
        Dimensions.builtIn(dimension).table());
  }

  private static void create(StoreTable table) {
    try (DimensionStore store = table.open()) {
      store.createIfAbsent(table.spec()).toCompletableFuture().join();
    }
  }
}
