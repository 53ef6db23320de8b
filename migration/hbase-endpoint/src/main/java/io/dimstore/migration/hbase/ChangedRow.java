// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import io.dimstore.spi.Key;

/**
 * A row that the write-ahead log reports as changed.
 *
 * @param rowKey the row key in HBase
 * @param key the row's key in dimstore
 * @param floor the lowest version of the row's new state: one above the newest delete marker that
 *     the log reports, or 0. A delete marker of HBase hides cells of its own timestamp too; in
 *     dimstore a put of the same version would win
 * @param writtenAt the newest time at which the log was written for this row, in epoch milliseconds
 * @param checkFirst whether the target probably has the row already, so that it is compared before
 *     it is written
 */
record ChangedRow(byte[] rowKey, Key key, long floor, long writtenAt, boolean checkFirst) {}
