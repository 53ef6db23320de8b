// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.hbase;

import java.util.concurrent.CompletableFuture;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.AdvancedScanResultConsumer;
import org.apache.hadoop.hbase.client.AsyncTable;

/** Gives access to the tables of an HBase cluster. Thread-safe. */
public interface HBaseTables {

  /** Returns a table whose calls end before the store's deadline. */
  CompletableFuture<AsyncTable<AdvancedScanResultConsumer>> table(TableName name);
}
