// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import io.dimstore.spi.StoreOption;
import java.time.Duration;
import java.util.List;

/**
 * The options of a replication peer. In the peer's configuration and in {@code hbase-site.xml} each
 * name begins with {@link #PREFIX}.
 */
final class PeerOptions {

  static final String PREFIX = "dimstore.";

  static final StoreOption<String> STORE =
      StoreOption.text("store", null, "The store that changes are carried to, such as 'dynamodb'.");

  static final StoreOption<String> STORE_OPTIONS =
      StoreOption.text(
          "store.", null, "An option of that store, such as 'store.region' = 'eu-west-1'.");

  static final StoreOption<String> TABLE_OPTIONS =
      StoreOption.text(
          "table.",
          null,
          "The declaration of an HBase table: 'table.NAME.columns' = 'user_id STRING, level INT',"
              + " 'table.NAME.key' = 'user_id', 'table.NAME.source.OPTION' for an option of the"
              + " table in 'hbase-redis', 'table.NAME.target' for another name in the target, and"
              + " 'table.NAME.target.OPTION' for an option of the table there.");

  static final StoreOption<Integer> BATCH_ROWS =
      StoreOption.integer(
          "batch-rows", 100, 1, 10_000, "How many rows are read and written in one batch.");

  static final StoreOption<Integer> THREADS =
      StoreOption.integer(
          "threads", 4, 1, 256, "How many batches of one replication queue are carried at a time.");

  static final StoreOption<Duration> MAX_PAUSE =
      StoreOption.duration(
          "max-pause",
          Duration.ofSeconds(30),
          "The longest wait between attempts while the target or HBase does not answer. The waits"
              + " begin at 100 ms and double.");

  /** What happens to a row that can never be carried. */
  enum OnRefused {
    RECORD,
    STOP
  }

  static final StoreOption<OnRefused> ON_REFUSED =
      StoreOption.choice(
          "on-refused",
          OnRefused.class,
          OnRefused.RECORD,
          "What happens to a row that the target refuses or that cannot be decoded. record: it is"
              + " recorded in 'dead-letter-table' and counted. stop: the replication waits until"
              + " the row has been corrected.");

  static final StoreOption<String> DEAD_LETTER_TABLE =
      StoreOption.text(
          "dead-letter-table",
          "dimstore_dead_letters",
          "The HBase table that records rows which cannot be carried; it is created with the first"
              + " record.");

  /** What happens to a bulk load whose files are gone. */
  enum OnLostFile {
    STOP,
    SKIP
  }

  static final StoreOption<OnLostFile> ON_LOST_FILE =
      StoreOption.choice(
          "on-lost-file",
          OnLostFile.class,
          OnLostFile.STOP,
          "What happens to a bulk load whose files HBase has removed before they were read. HBase"
              + " keeps them if 'hbase.replication.bulkload.enabled' is set. stop: the replication"
              + " waits. skip: it goes on; copy the table again.");

  static final StoreOption<Boolean> RAISE_VERSIONS =
      StoreOption.flag(
          "raise-versions",
          true,
          "Whether a row whose version in HBase has fallen is written above the version that the"
              + " target has. Set it to false when the target becomes the system of record.");

  static final StoreOption<String> ORIGIN =
      StoreOption.text(
          "origin",
          "dimstore",
          "The origin whose changes are not carried: those of a store 'hbase-redis' with"
              + " 'replication-origin' of this value, which come from the target.");

  private PeerOptions() {}

  static List<StoreOption<?>> all() {
    return List.of(
        STORE,
        STORE_OPTIONS,
        TABLE_OPTIONS,
        BATCH_ROWS,
        THREADS,
        MAX_PAUSE,
        ON_REFUSED,
        DEAD_LETTER_TABLE,
        ON_LOST_FILE,
        RAISE_VERSIONS,
        ORIGIN);
  }
}
