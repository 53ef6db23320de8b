package io.dimstore.dynamodb;

/** The names under which an item carries what is no column of the table. */
final class SystemAttributes {

  /** No column may begin with this. */
  static final String PREFIX = "__dim_";

  /** N: the version. An item without it is another tool's and has version 0. */
  static final String VERSION = PREFIX + "v";

  /** N: the expiry in epoch milliseconds; missing where the row stays. */
  static final String EXPIRY = PREFIX + "x";

  /** BOOL: true on a tombstone, else missing. */
  static final String DELETED = PREFIX + "d";

  /**
   * N: epoch seconds from which on the server may remove the item, rounded up: a tombstone at the
   * end of its retention, a row that expires one retention after its expiry.
   */
  static final String TIME_TO_LIVE = PREFIX + "ttl";

  /**
   * S: stands for the names of the columns that the writer knew ({@link Statements#fingerprint}). A
   * writer that knows the same ones may update the item in place: no other attribute is there.
   */
  static final String COLUMNS = PREFIX + "c";

  /**
   * N: the turn of the write among those of the same version ({@link Turns}); missing unless an
   * attempt of a write at this version may arrive late.
   */
  static final String TURN = PREFIX + "t";

  /** B: the partition key of tables whose key columns cannot be key attributes themselves. */
  static final String KEY = PREFIX + "key";

  private SystemAttributes() {}
}
