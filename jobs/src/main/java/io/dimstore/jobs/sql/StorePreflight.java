// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.sql;

import io.dimstore.jobs.FailureText;
import io.dimstore.jobs.JobException;
import io.dimstore.jobs.StoreCalls;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStoreFactory;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.Durations;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption;
import io.dimstore.spi.support.CommonOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Checks that stores answer and have their tables, before a command uses them. A running job would
 * report the same problems only after many retries.
 *
 * <p>Each check opens the store with a deadline of at most {@link StoreCalls#PATIENCE}. An absent
 * or silent server is therefore reported by the first call, within {@link #LIMIT}, whatever the
 * deadline of the job is. Only while this process still loads the store's client, on a busy
 * machine, does it get more time.
 */
public final class StorePreflight {

  /**
   * How long a check waits for one call. It is longer than the call's deadline, so that the store,
   * which knows the server that is silent, reports it.
   */
  public static final Duration LIMIT = StoreCalls.PATIENCE.plusSeconds(1);

  private StorePreflight() {}

  /**
   * Checks that all servers of the stores of a job answer and that the stores accept its tables.
   *
   * @param existing tables that must exist
   * @param created tables that the job creates if they do not exist
   * @throws JobException if a check fails; the message names the store, the problem and the remedy
   */
  public static void requireForJob(Collection<StoreTable> existing, Collection<StoreTable> created)
      throws InterruptedException {
    requireForJob(StorePing.none(), existing, created);
  }

  /**
   * Like {@link #requireForJob(Collection, Collection)}, for a command that has begun to ask the
   * servers of its store.
   *
   * @param ping used for the tables of its store
   */
  public static void requireForJob(
      StorePing ping, Collection<StoreTable> existing, Collection<StoreTable> created)
      throws InterruptedException {
    List<StoreTable> all = new ArrayList<>(existing);
    all.addAll(created);
    for (List<StoreTable> tables : byStore(all)) {
      String id = tables.get(0).store();
      try {
        boolean answered = ping.answers(tables.get(0), StorePing.Scope.ALL);
        try (DimensionStore store = openWithShortDeadline(tables.get(0))) {
          if (!answered) {
            await(store::ping, id);
          }
          for (StoreTable table : tables) {
            validate(store, table, existing.contains(table));
          }
        }
      } catch (StoreException e) {
        throw new JobException("Store '" + id + "': " + FailureText.inOneLine(e), e);
      }
    }
  }

  /**
   * Checks that all servers of a table's store answer and that the store accepts the table.
   *
   * @throws StoreException if a check fails
   */
  public static void requireAllServers(StoreTable table) throws InterruptedException {
    requireAllServers(StorePing.none(), table);
  }

  /**
   * Like {@link #requireAllServers(StoreTable)}, for a command that has begun to ask the servers of
   * its store.
   *
   * @param ping used if it is of the table's store
   */
  public static void requireAllServers(StorePing ping, StoreTable table)
      throws InterruptedException {
    boolean answered = ping.answers(table, StorePing.Scope.ALL);
    try (DimensionStore store = openWithShortDeadline(table)) {
      if (!answered) {
        await(store::ping, table.store());
      }
      await(() -> store.validate(table.spec()), table.store());
    }
  }

  /**
   * Checks that the store of a table accepts the table. Needs no permission beyond those of a
   * reader, and not the store's cache.
   *
   * @throws StoreException if the check fails
   */
  public static void requireTable(StoreTable table) throws InterruptedException {
    requireTable(StorePing.none(), table);
  }

  /**
   * Like {@link #requireTable(StoreTable)}, for a command that has begun to ask the servers of its
   * store that hold tables.
   *
   * @param ping used if it is of the table's store
   */
  public static void requireTable(StorePing ping, StoreTable table) throws InterruptedException {
    var unused = tablesAnswer(ping, table);
    try (DimensionStore store = openWithShortDeadline(table)) {
      await(() -> store.validate(table.spec()), table.store());
    }
  }

  /**
   * Checks that the servers which hold a table answer, whether or not the table exists. Needs no
   * permission beyond those of a reader, and not the store's cache.
   *
   * @param ping used if it is of the table's store
   * @throws StoreException UNAVAILABLE or TIMEOUT if they do not answer
   */
  public static void requireAnswer(StorePing ping, StoreTable table) throws InterruptedException {
    if (tablesAnswer(ping, table)) {
      return;
    }
    try {
      requireTable(table);
    } catch (StoreException e) {
      if (isSilence(e)) {
        throw e;
      }
    }
  }

  /** Returns whether the ping is of the table's store and a server has answered it, or refused. */
  private static boolean tablesAnswer(StorePing ping, StoreTable table)
      throws InterruptedException {
    try {
      return ping.answers(table, StorePing.Scope.TABLES);
    } catch (StoreException e) {
      // A server that refuses has answered. A reader may lack the permission that a ping needs.
      if (isSilence(e)) {
        throw e;
      }
      return true;
    }
  }

  private static boolean isSilence(StoreException failure) {
    return failure.kind() == StoreException.Kind.UNAVAILABLE
        || failure.kind() == StoreException.Kind.TIMEOUT;
  }

  private static void validate(DimensionStore store, StoreTable table, boolean mustExist)
      throws InterruptedException {
    try {
      await(() -> store.validate(table.spec()), table.store());
    } catch (StoreException e) {
      if (e.kind() != StoreException.Kind.NO_TABLE) {
        throw e;
      }
      if (mustExist) {
        throw new StoreException(
            e.kind(),
            e.getMessage()
                + ". Remedy: fill table "
                + table.spec().name()
                + " first, for instance with 'bin/dimstore write run'.",
            e);
      }
    }
  }

  private static void await(Supplier<CompletionStage<Void>> call, String store)
      throws InterruptedException {
    new FirstContact().await(call, LIMIT, "Store '" + store + "'");
  }

  /** Groups the tables, so that each store is opened once. */
  private static Collection<List<StoreTable>> byStore(Collection<StoreTable> tables) {
    Map<Map.Entry<String, Map<String, String>>, List<StoreTable>> groups = new LinkedHashMap<>();
    for (StoreTable table : tables) {
      groups
          .computeIfAbsent(
              Map.entry(table.store(), table.storeOptions()), store -> new ArrayList<>())
          .add(table);
    }
    return groups.values();
  }

  /**
   * Asks servers of a store once.
   *
   * @throws StoreException if one does not answer
   */
  static void ping(String id, Map<String, String> options, StorePing.Scope scope)
      throws InterruptedException {
    try (DimensionStore store = openWithShortDeadline(id, options)) {
      StoreCalls.await(scope.ask(store), LIMIT, "Store '" + id + "'");
    }
  }

  private static DimensionStore openWithShortDeadline(StoreTable table) {
    return openWithShortDeadline(table.store(), table.storeOptions());
  }

  private static DimensionStore openWithShortDeadline(String id, Map<String, String> options) {
    DimensionStoreFactory factory = DimensionStores.factory(id, StoreTable.classLoader());
    Map<String, String> shortened = new LinkedHashMap<>(options);
    String deadline = CommonOptions.DEADLINE.name();
    if (factory.options().stream().anyMatch(option -> option.name().equals(deadline))) {
      Duration given =
          StoreConfig.parse(
                  "store '" + id + "'", factory.options(), StoreOption.Scope.STORE, options)
              .get(CommonOptions.DEADLINE);
      if (given.compareTo(StoreCalls.PATIENCE) > 0) {
        shortened.put(deadline, Durations.format(StoreCalls.PATIENCE));
      }
    }
    return DimensionStores.open(id, shortened, StoreMetrics.NONE, InstantSource.system());
  }
}
