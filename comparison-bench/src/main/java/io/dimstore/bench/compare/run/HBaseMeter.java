// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.run;

import io.dimstore.bench.subject.BenchException;
import io.dimstore.stack.HBaseEndpoint;
import java.io.IOException;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hbase.HBaseConfiguration;
import org.apache.hadoop.hbase.RegionMetrics;
import org.apache.hadoop.hbase.ServerMetrics;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.Admin;
import org.apache.hadoop.hbase.client.ColumnFamilyDescriptorBuilder;
import org.apache.hadoop.hbase.client.Connection;
import org.apache.hadoop.hbase.client.ConnectionFactory;
import org.apache.hadoop.hbase.client.TableDescriptorBuilder;

/** Counts requests at the region servers, for a baseline that does not count its own requests. */
public final class HBaseMeter implements AutoCloseable {

  private static final long COMPARE_MILLIS = 1_000;
  private static final long LIMIT_NANOS = TimeUnit.MINUTES.toNanos(2);

  private final Connection connection;

  /** Connects to HBase. */
  public HBaseMeter(HBaseEndpoint endpoint) {
    Configuration configuration = HBaseConfiguration.create();
    endpoint.configuration().forEach(configuration::set);
    try {
      connection = ConnectionFactory.createConnection(configuration);
    } catch (IOException e) {
      throw new BenchException("HBase at " + endpoint.address() + " is away: " + e, e);
    }
  }

  /** Creates tables with the single column family that the stock SQL uses. */
  void create(Collection<String> tables) {
    try (Admin admin = connection.getAdmin()) {
      for (String table : tables) {
        TableName name = TableName.valueOf(table);
        if (!admin.tableExists(name)) {
          admin.createTable(
              TableDescriptorBuilder.newBuilder(name)
                  .setColumnFamily(ColumnFamilyDescriptorBuilder.of("f"))
                  .build());
        }
      }
    } catch (IOException e) {
      throw new BenchException("HBase did not create " + tables + ": " + e, e);
    }
  }

  /**
   * Returns the rows read and written so far in the tables of the comparison, as counted by the
   * region servers. Region servers report a few times a second. This method therefore waits until
   * two reports that are one second apart are equal.
   */
  public long requests() {
    try (Admin admin = connection.getAdmin()) {
      long last = count(admin);
      long begin = System.nanoTime();
      while (System.nanoTime() - begin < LIMIT_NANOS) {
        Thread.sleep(COMPARE_MILLIS);
        long next = count(admin);
        if (next == last) {
          return next;
        }
        last = next;
      }
      throw new BenchException(
          "HBase's request counts still rise minutes after the arm has ended; does another program"
              + " use its tables?");
    } catch (IOException e) {
      throw new BenchException("HBase does not report its request counts: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted", e);
    }
  }

  private static long count(Admin admin) throws IOException {
    long requests = 0;
    for (ServerMetrics server : admin.getClusterMetrics().getLiveServerMetrics().values()) {
      for (RegionMetrics region : server.getRegionMetrics().values()) {
        String name = region.getNameAsString();
        if (name.startsWith("dim_") || name.startsWith("stock_")) {
          requests += region.getReadRequestCount() + region.getWriteRequestCount();
        }
      }
    }
    return requests;
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (IOException e) {
      throw new BenchException("The HBase connection does not close: " + e, e);
    }
  }
}
