package io.dimstore.spi;

import java.util.concurrent.CompletionStage;

/** An open store. Thread-safe. */
public interface DimensionStore extends AutoCloseable {

  /**
   * A handle for one table; does no I/O. Handles of equal specs are interchangeable.
   *
   * @throws StoreException INVALID for a key, type or table option that the store cannot hold;
   *     CLOSED after {@link #close}
   */
  DimensionTable table(TableSpec spec);

  /**
   * Creates the table unless it is there, and completes when it can be used. An existing table is
   * left as it is; {@link #validate} tells whether it fits. It fails INVALID where the settings of
   * an existing table would lose acknowledged writes.
   */
  CompletionStage<Void> createIfAbsent(TableSpec spec);

  /**
   * Compares the spec with the real table: keys, families, state. Fails NO_TABLE, or INVALID with
   * what differs and the remedy.
   */
  CompletionStage<Void> validate(TableSpec spec);

  /** Completes when every server of the store answers; else fails with the kind of the failure. */
  CompletionStage<Void> ping();

  /** Ends the store (R12). Idempotent; throws nothing. */
  @Override
  void close();
}
