// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

import java.util.concurrent.CompletionStage;

/** An open store. Thread-safe. */
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

  /** Closes the store (R12). Idempotent; throws nothing. */
  @Override
  void close();
}
