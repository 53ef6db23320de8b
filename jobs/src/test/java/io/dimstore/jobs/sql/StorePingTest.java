// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.spi.StoreException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class StorePingTest {

  private static final Map<String, String> OPTIONS = Map.of("instance", "ping", "deadline", "1 h");

  @Test
  void aPingIsOfTablesThatAreReachedByTheSameOptions() throws Exception {
    StorePing ping =
        StorePing.begin("memory", Map.of("memory.instance", "ping", "deadline", "1 h"));
    assertThat(ping.answers(table("memory", OPTIONS))).isTrue();
    assertThat(ping.answers(table("memory", Map.of("instance", "other")))).isFalse();
    assertThat(ping.answers(table("other", OPTIONS))).isFalse();
    assertThat(StorePing.none().answers(table("memory", OPTIONS))).isFalse();
  }

  @Test
  void theFailureOfAPingIsReportedForItsTables() throws Exception {
    Map<String, String> wrong = Map.of("deadlin", "1 s");
    StorePing ping = StorePing.begin("memory", wrong);
    assertThatThrownBy(() -> ping.answers(table("memory", wrong)))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("deadline");
    assertThat(ping.answers(table("memory", OPTIONS))).isFalse();
  }

  /** On a busy machine, the store's client may not have been loaded before the timeout. */
  @Test
  void aTimeoutBeforeTheDeclarationsWereReadIsNoReport() throws Exception {
    assertThat(failed(StoreException.Kind.TIMEOUT).answers(table("memory", OPTIONS))).isFalse();
    StorePing refused = failed(StoreException.Kind.UNAVAILABLE);
    assertThatThrownBy(() -> refused.answers(table("memory", OPTIONS)))
        .isInstanceOf(StoreException.class);
  }

  private static StorePing failed(StoreException.Kind kind) {
    return new StorePing(
        "memory", OPTIONS, CompletableFuture.failedFuture(new StoreException(kind, "no answer")));
  }

  @Test
  void thereIsNoPingOfAStoreThatDoesNotExist() throws Exception {
    assertThat(StorePing.begin("memry", OPTIONS).answers(table("memry", OPTIONS))).isFalse();
  }

  private static StoreTable table(String store, Map<String, String> options) {
    return new StoreTable(store, options, Dimensions.builtIn("user").table());
  }
}
