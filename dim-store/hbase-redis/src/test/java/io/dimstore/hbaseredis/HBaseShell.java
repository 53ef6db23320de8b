package io.dimstore.hbaseredis;

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

/** What other tools do to HBase: a plain blocking client. */
final class HBaseShell implements AutoCloseable {

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

  /** Whether a mark of a table says that HBase has its batch. */
  boolean hasEndedMark(String table) throws IOException {
    try (Table marks = table("dimstore_marks");
        ResultScanner scanner = marks.getScanner(Marks.FAMILY)) {
      for (Result mark : scanner) {
        if (new String(mark.getRow(), StandardCharsets.ISO_8859_1).startsWith(table)
            && mark.containsColumn(Marks.FAMILY, new byte[] {'e'})) {
          return true;
        }
      }
      return false;
    }
  }

  /** Flushes, compacts everything and returns when that is done. */
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
        // A region without files has nothing to compact.
        if (metrics.getStoreFileCount() > 0 && metrics.getLastMajorCompactionTimestamp() < start) {
          return false;
        }
      }
    }
    return true;
  }

  /** Waits until a condition holds, for a minute at most. */
  static void await(String what, Callable<Boolean> condition) {
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
