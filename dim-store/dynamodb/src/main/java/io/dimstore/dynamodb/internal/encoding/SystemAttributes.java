// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.encoding;

/** The names of the attributes of an item that are not columns of the table. */
public final class SystemAttributes {

  /** The prefix of these names. No column name may begin with it. */
  public static final String PREFIX = "__dim_";

  /** N: the version. An item without it was written by another tool and has version 0. */
  public static final String VERSION = PREFIX + "v";

  /** N: the expiry in epoch milliseconds; missing if the row does not expire. */
  static final String EXPIRY = PREFIX + "x";

  /** BOOL: true in a tombstone, otherwise missing. */
  static final String DELETED = PREFIX + "d";

  /**
   * N: the time from which the service may remove the item, in epoch seconds, rounded up. It is the
   * end of the retention of a tombstone; for a row that expires, one retention after the later of
   * its expiry and its time of writing.
   */
  public static final String TIME_TO_LIVE = PREFIX + "ttl";

  /**
   * S: a hash of the column names that the writer declared ({@link Statements#fingerprint}). A
   * writer with the same hash may update the item in place, since the item has no other attributes.
   */
  static final String COLUMNS = PREFIX + "c";

  /**
   * N: the tie number, which orders the writes of the same version ({@code TieBreaker}). It is
   * missing unless an attempt of a write of this version may arrive late.
   */
  public static final String TIE_NUMBER = PREFIX + "t";

  /** B: the partition key of tables whose key columns cannot be the primary key themselves. */
  static final String KEY = PREFIX + "key";

  private SystemAttributes() {}
}
