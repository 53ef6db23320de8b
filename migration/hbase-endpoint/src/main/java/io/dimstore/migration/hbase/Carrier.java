// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import io.dimstore.hbaseredis.internal.common.Failures;
import io.dimstore.migration.hbase.EndpointConfig.ReplicatedTable;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStoreFactory;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreOption;
import io.dimstore.spi.support.Backoff;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hbase.Abortable;
import org.apache.hadoop.hbase.Cell;
import org.apache.hadoop.hbase.CellUtil;
import org.apache.hadoop.hbase.HConstants;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.AsyncConnection;
import org.apache.hadoop.hbase.client.ConnectionFactory;
import org.apache.hadoop.hbase.codec.KeyValueCodecWithTags;
import org.apache.hadoop.hbase.replication.ReplicationEndpoint;
import org.apache.hadoop.hbase.util.Bytes;
import org.apache.hadoop.hbase.wal.WAL;
import org.apache.hadoop.hbase.wal.WALEdit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries entries of the write-ahead log to the target: collects the rows that they change, and
 * synchronizes these rows in batches on threads of its own. Thread-safe: HBase ships the entries of
 * several logs at the same time.
 */
final class Carrier implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Carrier.class);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

  /** How long a batch is repeated before its failure is reported to HBase. */
  private static final long PATIENCE = Duration.ofMinutes(1).toNanos();

  private static final long LOG_INTERVAL = Duration.ofMinutes(1).toNanos();

  private static final long WATCH_SECONDS = 5;

  private static final Duration READ_LIMIT = Duration.ofSeconds(20);

  private static final String NO_TIMESTAMP =
      "A coprocessor wrote a cell without a timestamp, which scans return and gets do not.";

  private final EndpointConfig config;
  private final EndpointMetrics metrics;
  private final BooleanSupplier active;
  private final AsyncConnection connection;
  private final DimensionStore store;
  private final ExecutorService threads;
  private final RegionVisibility visibility;
  private final ChangesOutsideLog outsideLog;
  private final BulkLoads bulkLoads;
  private final Backoff backoff;
  private final DeadLetterTable letters;
  private final ScheduledExecutorService watch;
  private final Map<TableName, Route> routes = new HashMap<>();
  private final AtomicLong logged = new AtomicLong();

  /** A table with all that is needed to carry its rows. */
  private record Route(ClusterTable source, RefusedRows refused, RowSync sync) {}

  private Carrier(
      EndpointConfig config,
      EndpointMetrics metrics,
      BooleanSupplier active,
      AsyncConnection connection,
      DimensionStore store,
      Abortable server,
      BulkLoads bulkLoads,
      String peer) {
    this.config = config;
    this.metrics = metrics;
    this.active = active;
    this.connection = connection;
    this.store = store;
    this.visibility = new RegionVisibility(server);
    this.bulkLoads = bulkLoads;
    TableName records = TableName.valueOf(config.options().get(PeerOptions.DEAD_LETTER_TABLE));
    this.outsideLog = new ChangesOutsideLog(server, metrics, peer, records);
    this.letters =
        new DeadLetterTable(
            connection,
            records,
            peer,
            config.options().get(PeerOptions.ON_REFUSED) == PeerOptions.OnRefused.STOP);
    this.backoff = new Backoff(FIRST_PAUSE, config.options().get(PeerOptions.MAX_PAUSE));
    this.watch = Executors.newSingleThreadScheduledExecutor(work -> thread(work, peer));
    this.threads =
        Executors.newFixedThreadPool(
            config.options().get(PeerOptions.THREADS), work -> thread(work, peer));
  }

  private static Thread thread(Runnable work, String peer) {
    Thread thread = new Thread(work, "dimstore-replication-" + peer);
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Opens the target and a connection to the region server's own cluster.
   *
   * @param settings the settings of the peer over those of the region server
   * @param active whether the peer is enabled and runs
   * @throws StoreException INVALID if the configuration is wrong, or does not fit the peer's tables
   */
  static Carrier open(
      ReplicationEndpoint.Context context,
      Configuration settings,
      EndpointMetrics metrics,
      BooleanSupplier active)
      throws IOException, InterruptedException {
    Map<String, String> own = new TreeMap<>();
    settings.forEach(
        entry -> {
          if (entry.getKey().startsWith(PeerOptions.PREFIX)) {
            own.put(entry.getKey(), String.valueOf(settings.get(entry.getKey())));
          }
        });
    EndpointConfig config = EndpointConfig.parse(own);
    DimensionStore store = store(config, settings, metrics);
    AsyncConnection connection = null;
    Carrier carrier = null;
    try {
      connection = ClusterTable.await(ConnectionFactory.createAsyncConnection(reads(settings)));
      carrier =
          new Carrier(
              config,
              metrics,
              active,
              connection,
              store,
              context.getAbortable(),
              new BulkLoads(settings, context.getFilesystem()),
              context.getPeerId());
      carrier.route(context);
      return carrier;
    } catch (RuntimeException | InterruptedException | Error e) {
      if (carrier != null) {
        carrier.close();
      } else {
        store.close();
        if (connection != null) {
          connection.close();
        }
      }
      throw e;
    }
  }

  /**
   * Opens the target. Options that are secrets may also come from a Hadoop credential provider,
   * under the same names as in the configuration.
   */
  private static DimensionStore store(
      EndpointConfig config, Configuration settings, EndpointMetrics metrics) throws IOException {
    String id = config.options().get(PeerOptions.STORE);
    DimensionStoreFactory factory = DimensionStores.factory(id, Carrier.class.getClassLoader());
    Map<String, String> options = new TreeMap<>(config.storeOptions());
    for (StoreOption<?> option : factory.options()) {
      if (option.isSecret()) {
        char[] secret =
            settings.getPassword(
                PeerOptions.PREFIX + PeerOptions.STORE_OPTIONS.name() + option.name());
        if (secret != null) {
          options.put(option.name(), new String(secret));
        }
      }
    }
    return factory.open(
        StoreConfig.parse(
            "store '" + id + "'", factory.options(), StoreOption.Scope.STORE, options),
        metrics,
        InstantSource.system());
  }

  /**
   * Returns the settings of a client that gets the tags of cells, which have their time to live.
   */
  private static Configuration reads(Configuration settings) {
    Configuration reads = new Configuration(settings);
    reads.set(HConstants.RPC_CODEC_CONF_KEY, KeyValueCodecWithTags.class.getName());
    reads.setInt(HConstants.HBASE_CLIENT_RETRIES_NUMBER, 20);
    reads.setLong(HConstants.HBASE_CLIENT_OPERATION_TIMEOUT, READ_LIMIT.toMillis());
    reads.setLong(HConstants.HBASE_CLIENT_META_OPERATION_TIMEOUT, READ_LIMIT.toMillis());
    reads.setLong(HConstants.HBASE_RPC_TIMEOUT_KEY, READ_LIMIT.toMillis() / 2);
    reads.unset(HConstants.HBASE_RPC_READ_TIMEOUT_KEY);
    return reads;
  }

  private void route(ReplicationEndpoint.Context context) {
    StoreConfig options = config.options();
    for (ReplicatedTable table : config.tables()) {
      ClusterTable source =
          new ClusterTable(
              connection,
              name -> context.getTableDescriptors().get(name),
              table.source(),
              metrics,
              InstantSource.system());
      PeerTables.requireComplete(context.getPeerId(), context.getPeerConfig(), source);
      RefusedRows refused = letters.of(source.name());
      TargetTable target = new TargetTable(store.table(table.target()), table.target().all());
      routes.put(
          source.name(),
          new Route(
              source,
              refused,
              new RowSync(
                  source,
                  target,
                  refused,
                  metrics,
                  InstantSource.system(),
                  options.get(PeerOptions.RAISE_VERSIONS))));
    }
    PeerTables.requireDeclared(context.getPeerId(), context.getPeerConfig(), routes.keySet());
    // Changes outside the log come without an entry to carry.
    var unused = watch.scheduleWithFixedDelay(this::watch, 0, WATCH_SECONDS, TimeUnit.SECONDS);
    LOG.info(
        "Peer {} carries tables {} to store '{}'",
        context.getPeerId(),
        routes.keySet(),
        options.get(PeerOptions.STORE));
  }

  /**
   * Carries all rows that these entries change. Returns when the target shows each of them as HBase
   * does, or newer.
   *
   * @throws HeldException if an operator has to correct something first
   * @throws StoreException if HBase or the target did not answer for a minute, or the peer is no
   *     longer active
   */
  void carry(List<WAL.Entry> entries) throws IOException, InterruptedException {
    Map<TableName, LogChanges> changes = new LinkedHashMap<>();
    List<BulkLoads.LoadedFile> loaded = new ArrayList<>();
    for (WAL.Entry entry : entries) {
      TableName name = entry.getKey().getTableName();
      long writtenAt = entry.getKey().getWriteTime();
      for (Cell cell : entry.getEdit().getCells()) {
        if (BulkLoads.isBulkLoad(cell)) {
          Route route = route(name);
          BulkLoads.files(name, cell, writtenAt).stream()
              .filter(file -> route.source().has(Bytes.toBytes(file.family())))
              .forEach(loaded::add);
        } else if (!WALEdit.isMetaEditFamily(cell)) {
          add(changes, name, cell, writtenAt);
        }
      }
    }
    if (changes.isEmpty() && loaded.isEmpty()) {
      return;
    }
    visibility.await(entries);
    for (Map.Entry<TableName, LogChanges> each : changes.entrySet()) {
      carry(route(each.getKey()), each.getValue());
    }
    for (BulkLoads.LoadedFile file : loaded) {
      carry(file);
    }
  }

  private void watch() {
    try {
      outsideLog.report(routes.keySet(), letters::recordOutsideLog);
    } catch (IOException | RuntimeException e) {
      LOG.warn("Changes outside the log cannot be counted: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void add(Map<TableName, LogChanges> changes, TableName name, Cell cell, long writtenAt)
      throws InterruptedException {
    Route route = route(name);
    ClusterTable source = route.source();
    byte[] family = CellUtil.cloneFamily(cell);
    // Cells of other families do not belong to the dimension table.
    if (source.has(family)) {
      if (cell.getTimestamp() == HConstants.LATEST_TIMESTAMP && !CellUtil.isDelete(cell)) {
        // Only a coprocessor can write such a cell. HBase's scans return it, and its gets do not.
        route.refused().record(CellUtil.cloneRow(cell), writtenAt, NO_TIMESTAMP);
        metrics.refused(1);
      }
      changes
          .computeIfAbsent(name, first -> new LogChanges())
          .add(cell, source.isState(family), writtenAt);
    }
  }

  /** Carries the rows of a bulk-loaded file, a few batches at a time. */
  private void carry(BulkLoads.LoadedFile file) throws IOException, InterruptedException {
    Route route = route(file.table());
    int most =
        config.options().get(PeerOptions.BATCH_ROWS) * config.options().get(PeerOptions.THREADS);
    LogChanges[] rows = {new LogChanges()};
    boolean found =
        bulkLoads.read(
            file,
            cell -> {
              byte[] rowKey = CellUtil.cloneRow(cell);
              // Cells of a row follow each other: a row is complete when the next one begins.
              if (rows[0].rows().size() >= most && !rows[0].rows().containsKey(rowKey)) {
                carry(route, rows[0]);
                rows[0] = new LogChanges();
              }
              rows[0].add(cell, false, file.writtenAt());
            });
    carry(route, rows[0]);
    if (found) {
      metrics.bulkLoaded(1);
    } else if (config.options().get(PeerOptions.ON_LOST_FILE) == PeerOptions.OnLostFile.STOP) {
      throw new HeldException(
          "The bulk-loaded file "
              + file
              + " no longer exists, so its rows are unknown. Copy the table again, then set"
              + " 'dimstore.on-lost-file' = 'skip' until the queue has been carried. To keep such"
              + " files, set 'hbase.replication.bulkload.enabled' = 'true' in hbase-site.xml.");
    } else {
      LOG.warn("The bulk-loaded file {} no longer exists; its rows were not carried", file);
    }
  }

  private Route route(TableName table) {
    Route route = routes.get(table);
    if (route == null) {
      throw new HeldException(
          "Changes of table "
              + table
              + " are replicated to this peer, which does not declare the table. Set"
              + " 'dimstore.table."
              + table
              + ".columns' and '.key', or remove the table from the peer with"
              + " remove_peer_tableCFs.");
    }
    return route;
  }

  private void carry(Route route, LogChanges changes) throws InterruptedException {
    int size = config.options().get(PeerOptions.BATCH_ROWS);
    AtomicBoolean stopped = new AtomicBoolean();
    List<Future<?>> batches = new ArrayList<>();
    List<ChangedRow> batch = new ArrayList<>(size);
    for (Map.Entry<byte[], LogChanges.Mark> row : changes.rows().entrySet()) {
      ChangedRow changed = changed(route, row.getKey(), row.getValue());
      if (changed == null) {
        continue;
      }
      batch.add(changed);
      if (batch.size() == size) {
        batches.add(submit(route, List.copyOf(batch), stopped));
        batch.clear();
      }
    }
    if (!batch.isEmpty()) {
      batches.add(submit(route, List.copyOf(batch), stopped));
    }
    await(batches, stopped);
  }

  /** Returns the row with its key; null if it has none, which is recorded. */
  private @Nullable ChangedRow changed(Route route, byte[] rowKey, LogChanges.Mark mark)
      throws InterruptedException {
    try {
      return new ChangedRow(
          rowKey, route.source().key(rowKey), mark.floor(), mark.writtenAt(), mark.byDimstore());
    } catch (StoreException e) {
      route.refused().record(rowKey, mark.writtenAt(), String.valueOf(e.getMessage()));
      metrics.refused(1);
      return null;
    }
  }

  private Future<?> submit(Route route, List<ChangedRow> rows, AtomicBoolean stopped) {
    return threads.submit(
        () -> {
          untilCarried(route.sync(), rows, stopped);
          return null;
        });
  }

  /** Repeats a batch with pauses until it has been carried. */
  private void untilCarried(RowSync sync, List<ChangedRow> rows, AtomicBoolean stopped)
      throws InterruptedException {
    long start = System.nanoTime();
    for (int attempt = 1; !stopped.get(); attempt++) {
      try {
        sync.carry(rows);
        return;
      } catch (StoreException e) {
        metrics.retried();
        if (!active.getAsBoolean() || System.nanoTime() - start > PATIENCE) {
          throw e;
        }
        logAtTimes(e);
        Thread.sleep(Duration.ofNanos(backoff.nanos(attempt)).toMillis());
      }
    }
  }

  /** Logs a failure that is retried, at most once a minute for all batches. */
  private void logAtTimes(StoreException failure) {
    long last = logged.get();
    long now = System.nanoTime();
    if ((last == 0 || now - last > LOG_INTERVAL) && logged.compareAndSet(last, now)) {
      LOG.warn("Changes wait, and are carried again with pauses: {}", failure.getMessage());
    }
  }

  /** Waits for all batches. After the first failure the others are not repeated any more. */
  private static void await(List<Future<?>> batches, AtomicBoolean stopped)
      throws InterruptedException {
    RuntimeException first = null;
    try {
      for (Future<?> batch : batches) {
        try {
          batch.get();
        } catch (ExecutionException e) {
          stopped.set(true);
          if (first == null) {
            first =
                e.getCause() instanceof RuntimeException known ? known : Failures.of("dimstore", e);
          }
        }
      }
    } finally {
      stopped.set(true);
      batches.forEach(batch -> batch.cancel(true));
    }
    if (first != null) {
      throw first;
    }
  }

  @Override
  public void close() {
    watch.shutdownNow();
    // Another log may be waiting for a batch that has not begun.
    for (Runnable waiting : threads.shutdownNow()) {
      if (waiting instanceof Future<?> batch) {
        batch.cancel(false);
      }
    }
    store.close();
    try {
      connection.close();
    } catch (IOException e) {
      LOG.debug("The connection to HBase did not close cleanly", e);
    }
  }
}
