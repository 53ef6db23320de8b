package io.dimstore.tck;

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
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * How the kit reaches a store, and what the store says of itself. What it declares not to have, the
 * kit expects to be refused.
 */
public interface StoreHarness extends AutoCloseable {

  /** The store's id, under which its factory is registered. */
  String store();

  /** Options of store scope with which a server is reached and reads are strong (R13). */
  default Map<String, String> options() {
    return Map.of();
  }

  /**
   * Opens the store by its id.
   *
   * @param extra options to set beside {@link #options()}, and to prefer to them
   */
  default DimensionStore open(
      Map<String, String> extra, StoreMetrics metrics, InstantSource clock) {
    Map<String, String> all = new HashMap<>(options());
    all.putAll(extra);
    return DimensionStores.open(store(), all, metrics, clock);
  }

  /** A table of this name and these columns, with what options of table scope the store needs. */
  default TableSpec table(String name, List<Column> columns, List<String> keyColumns) {
    return new TableSpec(name, columns, keyColumns);
  }

  /** Whether values of this type can be stored; if not, {@code table()} must refuse them. */
  default boolean holdsValuesOf(DataType type) {
    return true;
  }

  /**
   * Whether a column of this type can be the whole key; if not, {@code table()} must refuse it.
   *
   * @param type a type that is {@linkplain DataType#isAtomic atomic}
   */
  default boolean holdsKeysOf(DataType type) {
    return true;
  }

  /**
   * A declaration that does not fit the table made from {@code created}, so that {@code validate}
   * must refuse it: unless overridden, one whose key is a BIGINT where it was text.
   */
  default TableSpec misfitOf(TableSpec created) {
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
   * The interfaces beside {@link io.dimstore.spi.DimensionTable} that the store's tables implement,
   * for instance {@link io.dimstore.spi.Maintenance}. Of the others the kit asserts the absence.
   */
  default Set<Class<?>> capabilities() {
    return Set.of();
  }

  /**
   * Does to a table at once what its servers do in time, such as compaction. Unless overridden,
   * nothing.
   */
  default void age(TableSpec table) {}

  /**
   * What {@link #provoke} cannot have the servers do, each with the reason. The kit expects {@link
   * #provoke} to play everything else and to refuse these, and prints at the end which clauses were
   * left untested. Unless overridden, nothing can be provoked.
   */
  default Map<Provocation, String> cannot() {
    return Provocation.none("the harness does not override provoke()");
  }

  /**
   * Has the servers do something until the returned end is run; returns when they do.
   *
   * @param table the table that the test is about
   * @throws UnsupportedOperationException for what {@link #cannot} names
   */
  default Runnable provoke(Provocation what, TableSpec table) {
    throw new UnsupportedOperationException(what + " cannot be provoked");
  }

  /** Options, beside {@link #options()}, of an opening whose servers {@link #provoke} acts on. */
  default Map<String, String> provokedOptions() {
    return Map.of();
  }

  /**
   * The deadline of calls that are not to be answered: as short as keeps the tests fast, and long
   * enough for a call to be sent.
   */
  default Duration shortDeadline() {
    return Duration.ofMillis(200);
  }

  /**
   * How long by the store's clock a copy may be read after a write that it was not told of (R13d);
   * zero where no read is ever stale.
   */
  default Duration maxAge() {
    return Duration.ZERO;
  }

  /**
   * Options with which an opening of a store that keeps copies reaches the truth alone, so that its
   * writes succeed and are owed to the copies. Unless overridden none: M1 then has nothing to
   * settle.
   */
  default Map<String, String> withoutCopies() {
    return Map.of();
  }

  /**
   * Has the copy of a row say this, whatever the truth holds.
   *
   * @return whether that was done; unless overridden it is not, and what a check finds (M2) is left
   *     to the store's tests
   */
  default boolean spoilCopy(TableSpec table, Put says) {
    return false;
  }

  /**
   * Moves on the clocks of servers that keep time for the store, such as a cache whose entries end
   * by themselves. Unless overridden, nothing: all time is the store's.
   */
  default void advanceServers(Duration by) {}

  /** How many times R12 opens and closes the store. */
  default int openCloseCycles() {
    return 100;
  }

  /** How long the kit waits for any one answer before it calls it missing. */
  default Duration patience() {
    return Duration.ofSeconds(60);
  }

  /**
   * Keys of a text column that the store may be unable to hold: each must come back, or be refused
   * by {@code write} and absent for {@code get}. Unless overridden, the empty text and long ones.
   */
  default List<Key> unusualKeys() {
    return List.of(Key.of(""), Key.of("k".repeat(3_000)), Key.of("k".repeat(70_000)));
  }

  /** Ends what the harness has started; called once, after the last test. */
  @Override
  default void close() {}
}
