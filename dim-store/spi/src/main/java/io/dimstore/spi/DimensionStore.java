// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * An open store. Thread-safe.
 *
 * <p>A capability that only some stores have is a separate interface: {@link SharedRecords}.
 * Callers find it by {@link #capability}. Capabilities of tables are found by {@link
 * DimensionTable#capability}.
 */
public interface DimensionStore extends AutoCloseable {

  /**
   * Returns a handle for one table; does no I/O. Handles of equal specs are interchangeable.
   *
   * @throws StoreException INVALID for a key, type or table option that the store cannot hold;
   *     CLOSED after {@link #close}
   */
  DimensionTable table(TableSpec spec);

  /**
   * Creates the table unless it exists, and completes when it can be used. An existing table is not
   * changed, except that a creation which did not reach its end is completed; {@link #validate}
   * checks whether the table fits. Fails INVALID if the settings of an existing table would lose
   * acknowledged writes.
   */
  CompletionStage<Void> createIfAbsent(TableSpec spec);

  /**
   * Compares the spec with the table on the server: keys, families, state. Fails NO_TABLE if there
   * is none, and INVALID if they differ; the message names the difference and the remedy.
   */
  CompletionStage<Void> validate(TableSpec spec);

  /** Completes when every server of the store has answered; fails if one does not answer. */
  CompletionStage<Void> ping();

  /**
   * Completes when the servers that hold the tables have answered; fails if one does not answer. A
   * cache before them is not asked. The default, for a store without a cache, is {@link #ping}.
   */
  default CompletionStage<Void> pingTables() {
    return ping();
  }

  /**
   * Returns this store's implementation of an optional interface. The default is the store itself
   * if it implements the interface. A decorator asks the store that it wraps, and wraps the result
   * if calls through it need decoration too.
   *
   * @param type for instance {@code SharedRecords.class}
   * @return empty if the store does not have this capability
   */
  default <T> Optional<T> capability(Class<T> type) {
    return type.isInstance(this) ? Optional.of(type.cast(this)) : Optional.empty();
  }

  /** Closes the store (R12). Idempotent; throws nothing. */
  @Override
  void close();
}
