// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

/** Records rows that can never be carried. Thread-safe. */
interface RefusedRows {

  /**
   * Records a row durably before it returns.
   *
   * @param rowKey the row key in HBase
   * @param writtenAt when the change was written to HBase's log, in epoch milliseconds
   * @throws HeldException if the configuration says that such a row stops the replication
   */
  void record(byte[] rowKey, long writtenAt, String reason) throws InterruptedException;
}
