// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.hbase;

import io.dimstore.hbaseredis.internal.common.Failures;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.AdvancedScanResultConsumer;
import org.apache.hadoop.hbase.client.AsyncAdmin;
import org.apache.hadoop.hbase.client.AsyncConnection;
import org.apache.hadoop.hbase.client.AsyncTable;
import org.apache.hadoop.hbase.client.AsyncTableRegionLocator;
import org.apache.hadoop.hbase.client.ConnectionConfiguration;
import org.apache.hadoop.hbase.client.ConnectionFactory;
import org.apache.hadoop.hbase.security.User;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection to HBase. It is opened in the background; after a failure, the next call opens it
 * again. The client's time limits are shorter than the store's deadline, so that a failure reports
 * the server's reason instead of a mere timeout. Thread-safe.
 */
public final class HBaseClient implements HBaseTables, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HBaseClient.class);

  private final StoreConfig config;
  private final Configuration configuration;
  private @Nullable CompletableFuture<AsyncConnection> connection;
  private boolean closed;

  public HBaseClient(StoreConfig config) {
    this.config = config;
    this.configuration = HBaseSettings.of(config);
  }

  /**
   * Returns the connection. Starts to connect unless there is a connection or one is being opened.
   * Fails CLOSED after {@link #close}.
   */
  public synchronized CompletableFuture<AsyncConnection> connection() {
    if (closed) {
      return CompletableFuture.failedFuture(
          new StoreException(StoreException.Kind.CLOSED, "The store is closed"));
    }
    CompletableFuture<AsyncConnection> current = connection;
    if (current == null || current.isCompletedExceptionally()) {
      current = new CompletableFuture<>();
      connection = current;
      CompletableFuture<AsyncConnection> target = current;
      Thread starter = new Thread(() -> connect(target), "dimstore-hbase-connect");
      starter.setDaemon(true);
      starter.start();
    }
    return current;
  }

  /**
   * Connects. Runs on a thread of its own, because the login and the first request to ZooKeeper
   * block.
   */
  private void connect(CompletableFuture<AsyncConnection> target) {
    HBaseThreads.begin();
    try {
      User user = HBaseLogin.user(configuration, config);
      (user == null
              ? ConnectionFactory.createAsyncConnection(configuration)
              : ConnectionFactory.createAsyncConnection(configuration, user))
          .whenComplete(
              (made, failure) -> {
                if (failure != null) {
                  target.completeExceptionally(Failures.of("HBase", failure));
                } else {
                  target.complete(made);
                }
              });
    } catch (RuntimeException | Error e) {
      // Also an Error, such as that of a missing class, must end the wait for the connection.
      target.completeExceptionally(Failures.of("HBase", e));
    }
  }

  /** Returns the size of the largest cell that the client sends; 0 or less for no limit. */
  public int maxCellBytes() {
    return configuration.getInt(
        ConnectionConfiguration.MAX_KEYVALUE_SIZE_KEY,
        ConnectionConfiguration.MAX_KEYVALUE_SIZE_DEFAULT);
  }

  @Override
  public CompletableFuture<AsyncTable<AdvancedScanResultConsumer>> table(TableName name) {
    return connection().thenApply(open -> open.getTable(name));
  }

  CompletableFuture<AsyncTableRegionLocator> locator(TableName name) {
    return connection().thenApply(open -> open.getRegionLocator(name));
  }

  public CompletableFuture<AsyncAdmin> admin() {
    return connection().thenApply(AsyncConnection::getAdmin);
  }

  @Override
  public void close() {
    CompletableFuture<AsyncConnection> current;
    synchronized (this) {
      closed = true;
      current = connection;
      connection = null;
    }
    if (current != null) {
      current.thenAccept(HBaseClient::closeQuietly);
    }
  }

  private static void closeQuietly(AsyncConnection open) {
    try {
      open.close();
    } catch (IOException e) {
      LOG.debug("The connection to HBase did not close cleanly", e);
    }
  }
}
