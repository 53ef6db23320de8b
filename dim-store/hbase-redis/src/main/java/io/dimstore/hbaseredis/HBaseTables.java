package io.dimstore.hbaseredis;

import java.util.concurrent.CompletableFuture;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.AdvancedScanResultConsumer;
import org.apache.hadoop.hbase.client.AsyncTable;

/** Gives access to the tables of an HBase. Thread-safe. */
interface HBaseTables {

  /** A table whose calls end before the store's deadline. */
  CompletableFuture<AsyncTable<AdvancedScanResultConsumer>> table(TableName name);
}
