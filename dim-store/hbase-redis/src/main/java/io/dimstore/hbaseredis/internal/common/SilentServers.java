// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.common;

import io.dimstore.spi.StoreException;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * The servers that have not yet answered a call, for the message at its deadline. The failures of
 * servers that do not answer name the options that say where they are. Thread-safe.
 */
public final class SilentServers {

  private final Set<String> servers = Collections.synchronizedSet(new LinkedHashSet<>());

  /** Makes a request to HBase. */
  public <T> CompletableFuture<T> hbase(Supplier<? extends CompletionStage<T>> request) {
    return ask("HBase", Failures.HBASE_OPTIONS, request);
  }

  /** Makes a request to Redis. */
  public <T> CompletableFuture<T> redis(Supplier<? extends CompletionStage<T>> request) {
    return ask("Redis", Failures.REDIS_OPTIONS, request);
  }

  private <T> CompletableFuture<T> ask(
      String server, String options, Supplier<? extends CompletionStage<T>> request) {
    servers.add(server + options);
    return request
        .get()
        .toCompletableFuture()
        .whenComplete((answer, failure) -> servers.remove(server + options))
        .exceptionallyCompose(
            failure ->
                CompletableFuture.failedFuture(withOptions(Failures.of(server, failure), options)));
  }

  private static StoreException withOptions(StoreException failure, String options) {
    String message = String.valueOf(failure.getMessage());
    boolean silent =
        failure.kind() == StoreException.Kind.TIMEOUT
            || failure.kind() == StoreException.Kind.UNAVAILABLE;
    return silent && !message.contains("(option")
        ? new StoreException(failure.kind(), message + options, failure)
        : failure;
  }

  /** Names the servers, with the options that say where they are. */
  public String text() {
    synchronized (servers) {
      return servers.isEmpty() ? "" : "no answer from " + String.join(" and ", servers);
    }
  }
}
