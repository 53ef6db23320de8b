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
 * @param createdAtMillis when the first process began
 */
public record BackfillRun(
    String format,
    String plan,
    int splits,
    String from,
    String to,
    String layout,
    long createdAtMillis) {

  boolean copiesTheSameAs(BackfillRun other) {
    return from.equals(other.from) && to.equals(other.to) && layout.equals(other.layout);
  }
}
