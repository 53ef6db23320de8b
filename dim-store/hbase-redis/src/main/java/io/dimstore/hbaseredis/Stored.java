package io.dimstore.hbaseredis;

import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import org.jspecify.annotations.Nullable;

/** What one copy holds for one key. */
sealed interface Stored {

  /** Neither row nor tombstone. */
  Stored NOTHING = new Nothing();

  /**
   * A row, which may have expired.
   *
   * @param row all value columns, or the projected ones where it was read so
   * @param version its version
   * @param expiresAt when it ends
   * @param copyable whether Redis can hold it: every value was read, and all end at the same time
   */
  record Present(Row row, long version, long expiresAt, boolean copyable) implements Stored {}

  /**
   * A deleted row.
   *
   * @param version the delete's version
   * @param appliedAt when it was applied, in epoch milliseconds
   */
  record Tombstone(long version, long appliedAt) implements Stored {}

  /** No trace. */
  record Nothing() implements Stored {}

  /** The answer to a reader at this time. */
  default @Nullable Put answer(Key key, Projection columns, long now) {
    return this instanceof Present row && now < row.expiresAt
        ? new Put(key, row.row.project(columns), row.version, row.expiresAt)
        : null;
  }
}
