// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.proof;

import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;

/**
 * One change of a key. A key and a version identify it: each writer has versions of its own.
 *
 * @param expiresAt epoch milliseconds from which on a put is absent; {@link Put#NEVER} for a delete
 * @param how how it is written
 */
record Op(String key, long version, How how, long expiresAt) {

  /** How a change is written. */
  enum How {
    /** A put of dimstore. */
    PUT(false),
    /** A delete of dimstore, which leaves a tombstone. */
    DELETE(true),
    /** A put of a plain client of HBase, of all columns. */
    PLAIN_PUT(false),
    /** A plain client deletes the row. */
    ROW(true),
    /** A plain client deletes the family of the row. */
    FAMILY(true),
    /** A plain client deletes each column of the row. */
    COLUMNS(true);

    private final boolean deletes;

    How(boolean deletes) {
      this.deletes = deletes;
    }
  }

  boolean deletes() {
    return how.deletes;
  }

  /**
   * Returns the row of a put. Its content names the change, so that a row with a wrong version is
   * found.
   */
  static Row row(String key, long version) {
    return Row.of(key + "@" + version, version);
  }

  /** Returns the change as dimstore writes it. */
  Change change() {
    return deletes()
        ? new Delete(Key.of(key), version)
        : new Put(Key.of(key), row(key, version), version, expiresAt);
  }

  /** Returns the line of the log at the beginning of the write. */
  String begun(long millis) {
    return "B " + version + " " + key + " " + how + " " + expiresAt + " " + millis;
  }

  /** Returns the line of the log after the write was acknowledged. */
  String acknowledged(long millis) {
    return "A " + version + " " + key + " " + millis;
  }
}
