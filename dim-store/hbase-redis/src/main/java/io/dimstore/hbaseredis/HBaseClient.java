package io.dimstore.hbaseredis;

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
import org.apache.hadoop.hbase.client.ConnectionFactory;
import org.apache.hadoop.hbase.security.User;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection to HBase: made in the background, made anew at the next call after it failed, and
 * with time limits that end before the store's own deadline, so that the server's reason is told
 * rather than a bare timeout. Thread-safe.
 */
final class HBaseClient implements HBaseTables, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HBaseClient.class);

  private final StoreConfig config;
  private final Configuration configuration;
  private @Nullable CompletableFuture<AsyncConnection> connection;
  private boolean closed;

  HBaseClient(StoreConfig config) {
    this.config = config;
    this.configuration = HBaseSettings.of(config);
  }

  /** Starts to connect unless that is done or under way. */
  synchronized CompletableFuture<AsyncConnection> connection() {
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

  /** On a thread of its own: the first look at security and ZooKeeper blocks. */
  private void connect(CompletableFuture<AsyncConnection> target) {
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
    } catch (RuntimeException e) {
      target.completeExceptionally(Failures.of("HBase", e));
    }
  }

  @Override
  public CompletableFuture<AsyncTable<AdvancedScanResultConsumer>> table(TableName name) {
    return connection().thenApply(open -> open.getTable(name));
  }

  CompletableFuture<AsyncTableRegionLocator> locator(TableName name) {
    return connection().thenApply(open -> open.getRegionLocator(name));
  }

  CompletableFuture<AsyncAdmin> admin() {
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
