// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.harness;

import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Tells the kit how to open a store and what the store supports. The kit also tests that the store
 * refuses what it is declared not to support.
 */
public interface StoreHarness extends AutoCloseable {

  /** Returns the store's id, under which its factory is registered. */
  String store();

  /** Returns the options to connect to a server with strong reads (R13). */
  default Map<String, String> options() {
    return Map.of();
  }

  /**
   * Opens the store by its id.
   *
   * @param extra options in addition to {@link #options()}, which they override
   */
  default DimensionStore open(
      Map<String, String> extra, StoreMetrics metrics, InstantSource clock) {
    Map<String, String> all = new HashMap<>(options());
    all.putAll(extra);
    return DimensionStores.open(store(), all, metrics, clock);
  }

  /** Declares a table of this name and these columns, with the table options the store needs. */
  default TableSpec table(String name, List<Column> columns, List<String> keyColumns) {
    return new TableSpec(name, columns, keyColumns);
  }

  /** Returns whether the store supports columns of this type; if not, it must refuse them. */
  default boolean holdsValuesOf(DataType type) {
    return true;
  }

  /**
   * Returns whether a column of this type can be the key; if not, {@code table()} must refuse it.
   *
   * @param type a type that is {@linkplain DataType#isAtomic atomic}
   */
  default boolean holdsKeysOf(DataType type) {
    return true;
  }

  /**
   * Returns a declaration that does not fit the table created from {@code created}, so that {@code
   * validate} must refuse it. The default declares the key as BIGINT instead of text.
   */
  default TableSpec incompatibleSpec(TableSpec created) {
    UnaryOperator<Column> retype =
        column ->
            created.keyColumns().contains(column.name())
                ? new Column(column.name(), DataType.Simple.BIGINT)
                : column;
    return new TableSpec(
        created.name(),
        created.columns().stream().map(retype).toList(),
        created.keyColumns(),
        created.options());
  }

  /**
   * Returns the optional interfaces that the store and its tables have, for instance {@link
   * io.dimstore.spi.Maintenance}. The kit tests that they do not have the others.
   */
  default Set<Class<?>> capabilities() {
    return Set.of();
  }

  /**
   * Returns the beginnings of the names of metrics that the store passes on from other stores. Its
   * factory declares all others. The default is none.
   */
  default Set<String> metricsPassedOn() {
    return Set.of();
  }

  /**
   * Returns a declaration of the table that keeps no changes for a feed (F5e). The default is
   * empty: the store keeps the changes of all its tables.
   */
  default Optional<TableSpec> withoutFeed(TableSpec spec) {
    return Optional.empty();
  }

  /**
   * Runs background work of the servers on a table, such as compaction, and waits for its end. The
   * default does nothing.
   */
  default void age(TableSpec table) {}

  /**
   * Returns the provocations that {@link #provoke} does not support, each with the reason. {@link
   * #provoke} must refuse these and support all others. The kit prints at the end which clauses
   * were therefore not tested. By default no provocation is supported.
   */
  default Map<Provocation, String> unsupportedProvocations() {
    return Provocation.none("the harness does not override provoke()");
  }

  /**
   * Makes the servers misbehave until the returned function is run. Returns when they do.
   *
   * @param table the table of the test
   * @throws UnsupportedOperationException for what {@link #unsupportedProvocations} names
   */
  default Runnable provoke(Provocation what, TableSpec table) {
    throw new UnsupportedOperationException(what + " cannot be provoked");
  }

  /** Returns options, in addition to {@link #options()}, of a store that meets provocations. */
  default Map<String, String> provokedOptions() {
    return Map.of();
  }

  /**
   * Returns the deadline of calls that are not expected to be answered. It should be short, so that
   * the tests are fast, but long enough for a call to be sent.
   */
  default Duration shortDeadline() {
    return Duration.ofMillis(200);
  }

  /** Returns how late the server of the copies answers while it is slow (R14j). */
  default Duration cacheDelay() {
    return Duration.ofMillis(200);
  }

  /**
   * Returns how long, by the store's clock, a copy may be read after a write that did not reach it
   * (R13d). Zero if no read is ever stale.
   */
  default Duration maxAge() {
    return Duration.ZERO;
  }

  /**
   * Returns options with which a store that keeps copies reaches only the system of record, so that
   * its writes succeed but do not reach the copies. By default there are none, and M1 then has
   * nothing to repair.
   */
  default Map<String, String> withoutCopies() {
    return Map.of();
  }

  /**
   * Sets the copy of a row, regardless of the system of record.
   *
   * @return whether the copy was set. The default returns false; the store's own tests then have to
   *     test which differences a check finds (M2)
   */
  default boolean setCopy(TableSpec table, Put says) {
    return false;
  }

  /**
   * Advances the clocks of servers that expire data themselves, such as a cache. The default does
   * nothing, because only the store's clock counts.
   */
  default void advanceServers(Duration by) {}

  /**
   * Returns the number of bytes of text in a batch that exceeds one response of the server (R2a).
   * The default is 20 MB: a response of DynamoDB has at most 16 MB.
   */
  default int largeBatchBytes() {
    return 20_000_000;
  }

  /** Returns how many times R12 opens and closes the store. */
  default int openCloseCycles() {
    return 100;
  }

  /** Returns how long the kit waits for an answer before it fails. */
  default Duration patience() {
    return Duration.ofSeconds(60);
  }

  /**
   * Returns keys of a text column that the store may be unable to hold. Each must be returned
   * equal, or be refused by {@code write} and absent for {@code get}. By default the empty and long
   * texts.
   */
  default List<Key> unusualKeys() {
    return List.of(Key.of(""), Key.of("k".repeat(3_000)), Key.of("k".repeat(70_000)));
  }

  /** Releases what the harness has started; called once, after the last test. */
  @Override
  default void close() {}
}
