// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.encoding;

import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import org.jspecify.annotations.Nullable;

/** The state of a row: what HBase, or its entry in Redis, holds for one key. */
public sealed interface RowState {

  /** Neither row nor tombstone. */
  @SuppressWarnings("ClassInitializationDeadlock") // Only this line creates a Nothing.
  RowState NOTHING = new Nothing();

  /**
   * A row, which may have expired.
   *
   * @param row all value columns; only the projected ones if it was decoded with a projection
   * @param version its version
   * @param expiresAt when it expires, in epoch milliseconds
   * @param copyable whether an entry of Redis can represent it: every value could be read, and all
   *     values expire at the same time
   */
  record Present(Row row, long version, long expiresAt, boolean copyable) implements RowState {}

  /**
   * A deleted row.
   *
   * @param version the delete's version
   * @param appliedAt when it was applied, in epoch milliseconds
   */
  record Tombstone(long version, long appliedAt) implements RowState {}

  /** The type of {@link #NOTHING}. */
  record Nothing() implements RowState {}

  /**
   * Returns the answer of a lookup at a time, in epoch milliseconds; null if there is no row or it
   * has expired.
   */
  default @Nullable Put answer(Key key, Projection columns, long now) {
    return this instanceof Present row && now < row.expiresAt
        ? new Put(key, row.row.project(columns), row.version, row.expiresAt)
        : null;
  }
}
