// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.jobs.sql.StorePing.Scope;
import io.dimstore.spi.StoreException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class StorePingTest {

  private static final Map<String, String> OPTIONS = Map.of("instance", "ping", "deadline", "1 h");

  @Test
  void aPingIsOfTablesThatAreReachedByTheSameOptions() throws Exception {
    StorePing ping =
        StorePing.begin("memory", Map.of("memory.instance", "ping", "deadline", "1 h"), Scope.ALL);
    assertThat(ping.answers(table("memory", OPTIONS), Scope.ALL)).isTrue();
    assertThat(ping.answers(table("memory", Map.of("instance", "other")), Scope.ALL)).isFalse();
    assertThat(ping.answers(table("other", OPTIONS), Scope.ALL)).isFalse();
    assertThat(ping.answers(table("memory", OPTIONS), Scope.TABLES)).isFalse();
    assertThat(StorePing.none().answers(table("memory", OPTIONS), Scope.ALL)).isFalse();
  }

  @Test
  void theFailureOfAPingIsReportedForItsTables() throws Exception {
    Map<String, String> wrong = Map.of("deadlin", "1 s");
    StorePing ping = StorePing.begin("memory", wrong, Scope.ALL);
    assertThatThrownBy(() -> ping.answers(table("memory", wrong), Scope.ALL))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("deadline");
    assertThat(ping.answers(table("memory", OPTIONS), Scope.ALL)).isFalse();
  }

  /** On a busy machine, the store's client may not have been loaded before the timeout. */
  @Test
  void aTimeoutBeforeTheDeclarationsWereReadIsNoReport() throws Exception {
    assertThat(failed(StoreException.Kind.TIMEOUT).answers(table("memory", OPTIONS), Scope.ALL))
        .isFalse();
    StorePing refused = failed(StoreException.Kind.UNAVAILABLE);
    assertThatThrownBy(() -> refused.answers(table("memory", OPTIONS), Scope.ALL))
        .isInstanceOf(StoreException.class);
  }

  private static StorePing failed(StoreException.Kind kind) {
    return new StorePing(
        "memory",
        OPTIONS,
        Scope.ALL,
        CompletableFuture.failedFuture(new StoreException(kind, "no answer")));
  }

  @Test
  void thereIsNoPingOfAStoreThatDoesNotExist() throws Exception {
    assertThat(
            StorePing.begin("memry", OPTIONS, Scope.ALL)
                .answers(table("memry", OPTIONS), Scope.ALL))
        .isFalse();
  }

  private static StoreTable table(String store, Map<String, String> options) {
    return new StoreTable(store, options, Dimensions.builtIn("user").table());
  }
}
