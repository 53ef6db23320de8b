// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import io.dimstore.hbaseredis.internal.common.Failures;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.apache.hadoop.hbase.TableExistsException;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.AsyncConnection;
import org.apache.hadoop.hbase.client.ColumnFamilyDescriptorBuilder;
import org.apache.hadoop.hbase.client.Put;
import org.apache.hadoop.hbase.client.TableDescriptorBuilder;
import org.apache.hadoop.hbase.util.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records rows that can never be carried in an HBase table of the same cluster: one row for each
 * peer and row, with the newest reason. Row key: the peer, {@code 00}, the table, {@code 00}, the
 * row key. Cells of family {@code d}: {@code reason} in text, {@code written} and {@code recorded}
 * as 8 bytes epoch milliseconds. An operator removes a record after the row has been dealt with.
 * Thread-safe.
 */
final class DeadLetterTable {

  static final byte[] FAMILY = {'d'};

  private static final Logger LOG = LoggerFactory.getLogger(DeadLetterTable.class);

  private final AsyncConnection connection;
  private final TableName letters;
  private final String peer;
  private final boolean holds;
  private volatile boolean exists;

  /**
   * Creates the access to the records of one peer. The table is created with the first record.
   *
   * @param holds whether a row that cannot be carried stops the replication instead
   */
  DeadLetterTable(AsyncConnection connection, TableName letters, String peer, boolean holds) {
    this.connection = connection;
    this.letters = letters;
    this.peer = peer;
    this.holds = holds;
  }

  /** Returns the records of one table. */
  RefusedRows of(TableName table) {
    return (rowKey, writtenAt, reason) -> record(table, rowKey, writtenAt, reason);
  }

  private void record(TableName table, byte[] rowKey, long writtenAt, String reason)
      throws InterruptedException {
    String row = "Row " + Bytes.toStringBinary(rowKey) + " of " + table;
    if (holds) {
      throw new HeldException(
          row
              + " cannot be carried: "
              + reason
              + " Correct or delete the row in HBase, or set 'dimstore.on-refused' = 'record'.");
    }
    Put letter =
        new Put(letterKey(peer, table, rowKey))
            .addColumn(FAMILY, Bytes.toBytes("reason"), Bytes.toBytes(reason))
            .addColumn(FAMILY, Bytes.toBytes("written"), Bytes.toBytes(writtenAt))
            .addColumn(
                FAMILY, Bytes.toBytes("recorded"), Bytes.toBytes(System.currentTimeMillis()));
    createIfAbsent();
    ClusterTable.await(connection.getTable(letters).put(letter));
    LOG.warn("{} was recorded in {} and is not carried: {}", row, letters, reason);
  }

  private void createIfAbsent() throws InterruptedException {
    if (exists) {
      return;
    }
    CompletableFuture<Boolean> found = connection.getAdmin().tableExists(letters);
    if (!ClusterTable.await(found)) {
      try {
        ClusterTable.await(
            connection
                .getAdmin()
                .createTable(
                    TableDescriptorBuilder.newBuilder(letters)
                        .setColumnFamily(ColumnFamilyDescriptorBuilder.of(FAMILY))
                        .build()));
      } catch (StoreException e) {
        if (!isThere(e)) {
          throw new StoreException(
              Kind.UNAVAILABLE,
              "The table " + letters + " cannot be created",
              Failures.of("HBase", e));
        }
      }
    }
    exists = true;
  }

  private static boolean isThere(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof TableExistsException) {
        return true;
      }
    }
    return false;
  }

  /** Returns the row key of a record. */
  static byte[] letterKey(String peer, TableName table, byte[] rowKey) {
    byte[] separator = {0};
    return Bytes.add(
        Bytes.add(peer.getBytes(StandardCharsets.UTF_8), separator, table.getName()),
        separator,
        rowKey);
  }
}
