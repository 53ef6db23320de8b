// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.sql;

import io.dimstore.jobs.StoreCalls;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.StoreException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Checks in a thread of its own that the servers of a store answer. A command begins it before it
 * reads the declarations of its tables. Reading them takes seconds, since it loads Flink's planner,
 * and an absent server would be reported that much later. Thread-safe.
 */
public final class StorePing {

  /** How long before the timeout the declarations are read on a machine that is not busy. */
  private static final Duration MARGIN = Duration.ofSeconds(1);

  private static final StorePing NONE =
      new StorePing(null, Map.of(), Scope.ALL, CompletableFuture.completedFuture(null));

  /** Which servers of a store are asked. */
  public enum Scope {
    /** Every server, as {@link DimensionStore#ping}. */
    ALL(DimensionStore::ping),
    /** Those that hold tables, as {@link DimensionStore#pingTables}. */
    TABLES(DimensionStore::pingTables);

    private final Function<DimensionStore, CompletionStage<Void>> call;

    Scope(Function<DimensionStore, CompletionStage<Void>> call) {
      this.call = call;
    }

    CompletionStage<Void> ask(DimensionStore store) {
      return call.apply(store);
    }
  }

  private final @Nullable String store;
  private final Map<String, String> options;
  private final Scope scope;
  private final CompletableFuture<@Nullable Void> answer;

  StorePing(
      @Nullable String store,
      Map<String, String> options,
      Scope scope,
      CompletableFuture<@Nullable Void> answer) {
    this.store = store;
    this.options = options;
    this.scope = scope;
    this.answer = answer;
  }

  /** Returns a ping of no store, for commands that know their store only from the declarations. */
  public static StorePing none() {
    return NONE;
  }

  /**
   * Begins to ask the servers of a store. Does not wait for the answer, and never fails: the check
   * of the tables reports a store that does not exist and wrong options.
   *
   * @param options of the store and its tables, with or without the store's id in front
   */
  public static StorePing begin(String store, Map<String, String> options, Scope scope) {
    Map<String, String> ofStore;
    try {
      ofStore = StoreTable.ofStoreScope(store, options);
    } catch (StoreException e) {
      return NONE;
    }
    // If two threads are the first to log, SLF4J loses records of one and prints that it has.
    var unused = LoggerFactory.getILoggerFactory();
    CompletableFuture<@Nullable Void> answer = new CompletableFuture<>();
    Thread thread = new Thread(() -> ask(store, ofStore, scope, answer), "ping of store " + store);
    thread.setDaemon(true);
    thread.start();
    return new StorePing(store, ofStore, scope, answer);
  }

  private static void ask(
      String store,
      Map<String, String> options,
      Scope scope,
      CompletableFuture<@Nullable Void> answer) {
    try {
      StorePreflight.ping(store, options, scope);
      answer.complete(null);
    } catch (InterruptedException | RuntimeException | Error e) {
      answer.completeExceptionally(e);
    }
  }

  /**
   * Waits for the answer if this asks the given servers of the table's store, reached by the same
   * options.
   *
   * @return whether the servers have answered; false if they are still to be asked
   * @throws StoreException if a server does not answer
   */
  boolean answers(StoreTable table, Scope wanted) throws InterruptedException {
    if (wanted != scope || !table.store().equals(store) || !table.storeOptions().equals(options)) {
      return false;
    }
    long start = System.nanoTime();
    try {
      StoreCalls.await(answer);
      return true;
    } catch (StoreException e) {
      // If reading the declarations took as long as the timeout, then the machine is busy, and the
      // store's client may not have been loaded in time either.
      boolean busy = System.nanoTime() - start < MARGIN.toNanos();
      if (e.kind() == StoreException.Kind.TIMEOUT && busy) {
        return false;
      }
      throw e;
    }
  }
}
