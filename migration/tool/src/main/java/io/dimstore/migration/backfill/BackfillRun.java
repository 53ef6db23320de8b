// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.backfill;

/**
 * The record in the ledger that says what is copied, and which split records belong to it.
 *
 * @param format {@link RangeLedger#FORMAT}
 * @param plan a random name that is part of the names of the split records
 * @param splits the number of split records
 * @param from the table that is read, for instance {@code hbase-redis:dim_user}
 * @param to the table that is written
 * @param layout a hash of the key and the columns
 * @param createdAtMillis when the first process began, for people
 * @param mirroring what the first process was given about the writes to both stores when it began;
 *     a copy may be used only while this has not changed. 0 for a backfill without a migration
 */
public record BackfillRun(
    String format,
    String plan,
    int splits,
    String from,
    String to,
    String layout,
    long createdAtMillis,
    long mirroring) {

  /** Creates the record of a backfill without a migration. */
  public BackfillRun(
      String format,
      String plan,
      int splits,
      String from,
      String to,
      String layout,
      long createdAtMillis) {
    this(format, plan, splits, from, to, layout, createdAtMillis, 0);
  }

  boolean copiesTheSameAs(BackfillRun other) {
    return from.equals(other.from) && to.equals(other.to) && layout.equals(other.layout);
  }
}
