// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import io.dimstore.hbaseredis.internal.common.Failures;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Map;
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
 * Records what can never be carried in an HBase table of the same cluster: one record for each peer
 * and row, with the newest reason. Row key: the peer, {@code 00}, the table, {@code 00}, the row
 * key. Cells of family {@code d}: {@code reason} in text, {@code written} and {@code recorded} as 8
 * bytes epoch milliseconds.
 *
 * <p>One more record of a table, without a row key at its end, has the changes that are in no log:
 * a cell for each opening of a region, {@code outside-log/REGION/NUMBER}, whose value is the number
 * of such changes since then, as 8 bytes. Several endpoints may write the same cell.
 *
 * <p>{@link Uncarried} reads these records. An operator removes a record after it has been dealt
 * with. Thread-safe.
 */
final class DeadLetterTable {

  static final byte[] FAMILY = {'d'};

  /** What the names of cells with changes outside the log begin with. */
  static final String OUTSIDE_LOG = "outside-log/";

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

  /**
   * Records how many changes of a table are in no log.
   *
   * @param counts by opening of a region, the number of such changes since then
   * @throws StoreException if HBase does not answer
   */
  void recordOutsideLog(TableName table, Map<String, Long> counts) throws InterruptedException {
    Put letter =
        new Put(letterKey(peer, table, new byte[0]))
            .addColumn(
                FAMILY,
                Bytes.toBytes("reason"),
                Bytes.toBytes("Changes with SKIP_WAL are in no log, and are not carried."))
            .addColumn(
                FAMILY, Bytes.toBytes("recorded"), Bytes.toBytes(System.currentTimeMillis()));
    counts.forEach(
        (opening, count) ->
            letter.addColumn(FAMILY, Bytes.toBytes(OUTSIDE_LOG + opening), Bytes.toBytes(count)));
    createIfAbsent();
    ClusterTable.await(connection.getTable(letters).put(letter));
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

  /** Returns the table of the records of a peer with these settings. */
  static TableName nameOf(Map<String, String> settings) {
    return TableName.valueOf(
        settings.getOrDefault(
            PeerOptions.PREFIX + PeerOptions.DEAD_LETTER_TABLE.name(),
            String.valueOf(PeerOptions.DEAD_LETTER_TABLE.defaultValue())));
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
