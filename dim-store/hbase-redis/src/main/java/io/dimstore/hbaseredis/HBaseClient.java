package io.dimstore.hbaseredis;

import io.dimstore.spi.CommonOptions;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hbase.HBaseConfiguration;
import org.apache.hadoop.hbase.HConstants;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.AdvancedScanResultConsumer;
import org.apache.hadoop.hbase.client.AsyncAdmin;
import org.apache.hadoop.hbase.client.AsyncConnection;
import org.apache.hadoop.hbase.client.AsyncTable;
import org.apache.hadoop.hbase.client.AsyncTableRegionLocator;
import org.apache.hadoop.hbase.client.ConnectionFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection to HBase: made in the background, made anew at the next call after it failed, and
 * with time limits that end before the store's own deadline, so that the server's reason is told
 * rather than a bare timeout. Thread-safe.
 */
final class HBaseClient implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HBaseClient.class);

  private final Configuration configuration;
  private final Duration limit;
  private @Nullable CompletableFuture<AsyncConnection> connection;
  private boolean closed;

  HBaseClient(StoreConfig config) {
    Duration deadline = config.get(CommonOptions.DEADLINE);
    this.limit = deadline.multipliedBy(9).dividedBy(10);
    this.configuration = configuration(config, limit);
  }

  private static Configuration configuration(StoreConfig config, Duration limit) {
    Configuration configuration = HBaseConfiguration.create();
    configuration.set(HConstants.ZOOKEEPER_QUORUM, config.get(HBaseRedisOptions.QUORUM));
    configuration.set(HConstants.ZOOKEEPER_ZNODE_PARENT, config.get(HBaseRedisOptions.ZNODE));
    configuration.setInt("zookeeper.recovery.retry", 2);
    configuration.setLong(HConstants.HBASE_CLIENT_META_OPERATION_TIMEOUT, limit.toMillis());
    configuration.setLong(HConstants.HBASE_CLIENT_OPERATION_TIMEOUT, limit.toMillis());
    configuration.setLong(HConstants.HBASE_CLIENT_PAUSE, 50);
    config
        .prefixed(HBaseRedisOptions.HBASE)
        .forEach((name, value) -> configuration.set(HBaseRedisOptions.HBASE.name() + name, value));
    return configuration;
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
      ConnectionFactory.createAsyncConnection(configuration)
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

  /** A table whose calls end before the store's deadline. */
  CompletableFuture<AsyncTable<AdvancedScanResultConsumer>> table(TableName name) {
    return connection()
        .thenApply(
            open -> {
              long rpc =
                  Math.min(
                      limit.toMillis(),
                      configuration.getLong(
                          HConstants.HBASE_RPC_TIMEOUT_KEY, HConstants.DEFAULT_HBASE_RPC_TIMEOUT));
              return open.getTableBuilder(name)
                  .setOperationTimeout(limit.toNanos(), TimeUnit.NANOSECONDS)
                  .setScanTimeout(limit.toNanos(), TimeUnit.NANOSECONDS)
                  .setRpcTimeout(rpc, TimeUnit.MILLISECONDS)
                  .setReadRpcTimeout(rpc, TimeUnit.MILLISECONDS)
                  .setWriteRpcTimeout(rpc, TimeUnit.MILLISECONDS)
                  .build();
            });
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
