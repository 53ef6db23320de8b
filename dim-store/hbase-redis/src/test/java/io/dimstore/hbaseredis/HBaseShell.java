// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis;

import io.dimstore.hbaseredis.internal.hbase.WriteIntents;
import io.dimstore.stack.HBaseEndpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hbase.HBaseConfiguration;
import org.apache.hadoop.hbase.HRegionLocation;
import org.apache.hadoop.hbase.RegionMetrics;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.Admin;
import org.apache.hadoop.hbase.client.ColumnFamilyDescriptorBuilder;
import org.apache.hadoop.hbase.client.Connection;
import org.apache.hadoop.hbase.client.ConnectionFactory;
import org.apache.hadoop.hbase.client.Result;
import org.apache.hadoop.hbase.client.ResultScanner;
import org.apache.hadoop.hbase.client.Table;
import org.apache.hadoop.hbase.client.TableDescriptorBuilder;

/** A plain blocking client of HBase, as other tools use it. */
public final class HBaseShell implements AutoCloseable {

  private final Connection connection;

  HBaseShell(HBaseEndpoint endpoint) {
    Configuration configuration = HBaseConfiguration.create();
    endpoint.configuration().forEach(configuration::set);
    try {
      this.connection = ConnectionFactory.createConnection(configuration);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Admin admin() throws IOException {
    return connection.getAdmin();
  }

  Table table(String name) throws IOException {
    return connection.getTable(TableName.valueOf(name));
  }

  void create(String name, String... families) throws IOException {
    TableDescriptorBuilder table = TableDescriptorBuilder.newBuilder(TableName.valueOf(name));
    for (String family : families) {
      table.setColumnFamily(ColumnFamilyDescriptorBuilder.of(family));
    }
    try (Admin admin = connection.getAdmin()) {
      admin.createTable(table.build());
    }
  }

  void create(String name, byte[][] splitKeys, String... families) throws IOException {
    TableDescriptorBuilder table = TableDescriptorBuilder.newBuilder(TableName.valueOf(name));
    for (String family : families) {
      table.setColumnFamily(ColumnFamilyDescriptorBuilder.of(family));
    }
    try (Admin admin = connection.getAdmin()) {
      admin.createTable(table.build(), splitKeys);
    }
  }

  void drop(String name) throws IOException {
    try (Admin admin = connection.getAdmin()) {
      admin.disableTable(TableName.valueOf(name));
      admin.deleteTable(TableName.valueOf(name));
    }
  }

  /** Whether a write intent of a table is marked as ended. */
  boolean hasEndedIntent(String table) throws IOException {
    try (Table intents = table("dimstore_intents");
        ResultScanner scanner = intents.getScanner(WriteIntents.FAMILY)) {
      for (Result intent : scanner) {
        if (new String(intent.getRow(), StandardCharsets.ISO_8859_1).startsWith(table)
            && intent.containsColumn(WriteIntents.FAMILY, new byte[] {'e'})) {
          return true;
        }
      }
      return false;
    }
  }

  /** Flushes and compacts a table, and returns when that is done. */
  void compact(String name) {
    TableName table = TableName.valueOf(name);
    long start = System.currentTimeMillis();
    try (Admin admin = connection.getAdmin()) {
      admin.flush(table);
      admin.majorCompact(table);
      await("major compaction of " + name, () -> compactedSince(admin, table, start));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean compactedSince(Admin admin, TableName table, long start) throws IOException {
    for (HRegionLocation region : connection.getRegionLocator(table).getAllRegionLocations()) {
      for (RegionMetrics metrics : admin.getRegionMetrics(region.getServerName(), table)) {
        // A region without files needs no compaction.
        if (metrics.getStoreFileCount() > 0 && metrics.getLastMajorCompactionTimestamp() < start) {
          return false;
        }
      }
    }
    return true;
  }

  /** Waits until a condition holds, for a minute at most. */
  public static void await(String what, Callable<Boolean> condition) {
    long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    try {
      while (!condition.call()) {
        if (System.nanoTime() > end) {
          throw new AssertionError("Still waiting for: " + what);
        }
        LockSupport.parkNanos(20_000_000);
      }
    } catch (Exception e) {
      throw new AssertionError("While waiting for: " + what, e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
