// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.hbase;

import io.dimstore.hbaseredis.internal.common.AnswerChecks;
import io.dimstore.hbaseredis.internal.common.Meter;
import io.dimstore.hbaseredis.internal.encoding.ByteSink;
import io.dimstore.hbaseredis.internal.encoding.ByteSource;
import io.dimstore.hbaseredis.internal.encoding.CellSizes;
import io.dimstore.hbaseredis.internal.encoding.Utf8;
import io.dimstore.spi.StoreMetrics.Operation;
import io.dimstore.spi.support.RetryTimer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.apache.hadoop.hbase.Cell;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.Delete;
import org.apache.hadoop.hbase.client.Put;
import org.apache.hadoop.hbase.client.Result;
import org.apache.hadoop.hbase.client.Scan;
import org.apache.hadoop.hbase.util.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The HBase table of {@link WriteIntent}s, which all dimension tables share. The row key of a write
 * intent is the dimension table's declaration, a byte 00, the time of writing and a nonce. So the
 * write intents of a dimension table are adjacent, the oldest first, and no two have the same row
 * key. Thread-safe.
 */
public final class WriteIntents {

  @SuppressWarnings("MutablePublicArray")
  public static final byte[] FAMILY = {'i'};

  private static final byte[] KEYS = {'k'};
  private static final byte[] ENDED = {'e'};
  private static final byte[] GRACE = {'g'};
  private static final byte[] EMPTY = {};
  private static final byte FORMAT = 1;
  private static final int CACHING = 100;

  private final HBaseClient client;
  private final Meter meter;
  private final RetryTimer retries;
  private final TableName table;
  private final Duration grace;
  private final LongSupplier now;
  private final SecureRandom nonces = new SecureRandom();
  private final AtomicLong newest = new AtomicLong();

  /**
   * Creates the access to the write intents in an HBase table.
   *
   * @param retries runs the attempts to take a lease
   * @param grace the time after which no attempt of a batch that this store sends is in flight
   */
  public WriteIntents(
      HBaseClient client, Meter meter, RetryTimer retries, TableName table, Duration grace) {
    this(client, meter, retries, table, grace, System::currentTimeMillis);
  }

  /**
   * Creates the access to the write intents in an HBase table.
   *
   * @param retries runs the attempts to take a lease
   * @param grace the time after which no attempt of a batch that this store sends is in flight
   * @param now returns the time by HBase's clock, in epoch milliseconds, for the age of intents
   */
  public WriteIntents(
      HBaseClient client,
      Meter meter,
      RetryTimer retries,
      TableName table,
      Duration grace,
      LongSupplier now) {
    this.now = now;
    this.retries = retries;
    this.client = client;
    this.meter = meter;
    this.table = table;
    this.grace = grace;
  }

  public TableName table() {
    return table;
  }

  /**
   * Returns a new lease on the write intents of a dimension table. Each reconciler needs one of its
   * own.
   */
  public ReconcilerLease lease(String owner) {
    return new ReconcilerLease(client, meter, retries, table, owner);
  }

  /**
   * Returns a time, in epoch milliseconds, that is not before the creation time of any write intent
   * that exists now. This holds for all write intents of this store, even if its clock jumps, and
   * for those of other processes whose clocks are not ahead.
   */
  public long cutoff() {
    return Math.max(System.currentTimeMillis(), newest.get());
  }

  /**
   * Writes a new intent.
   *
   * @param owner the declaration of the dimension table
   * @param rowKeys the row keys of the batch
   */
  public CompletableFuture<WriteIntent> create(String owner, List<byte[]> rowKeys) {
    long now = System.currentTimeMillis();
    newest.accumulateAndGet(now, Math::max);
    byte[] row = Bytes.add(prefix(owner), Bytes.toBytes(now), Bytes.toBytes(nonces.nextLong()));
    WriteIntent intent = new WriteIntent(row, rowKeys, now, false, grace.toMillis(), 0, true);
    return put(cells(intent)).thenApply(done -> intent);
  }

  /** Returns the size of the largest cell of an intent for this row alone. */
  public long largestCellBytes(String owner, byte[] rowKey) {
    byte[] row = Bytes.add(prefix(owner), new byte[2 * Long.BYTES]);
    return CellSizes.of(cells(new WriteIntent(row, List.of(rowKey), 0, false, 0, 0, true)))
        .largest();
  }

  /**
   * Records that HBase has the batch, so that the intent can be removed as soon as Redis has it.
   * Writes the intent again if it no longer exists: a repairer reconciles and removes intents that
   * are older than their grace time.
   */
  public CompletableFuture<Void> recordEnd(WriteIntent intent) {
    return put(cells(intent).addColumn(FAMILY, ENDED, EMPTY));
  }

  private static Put cells(WriteIntent intent) {
    ByteSink out = new ByteSink(16 + 24 * intent.rowKeys().size());
    out.i8(FORMAT);
    out.length(intent.rowKeys().size());
    intent.rowKeys().forEach(out::block);
    return new Put(intent.row())
        .addColumn(FAMILY, KEYS, out.toBytes())
        .addColumn(FAMILY, GRACE, Bytes.toBytes(intent.graceMillis()));
  }

  /** Removes this write intent. */
  public CompletableFuture<Void> remove(WriteIntent intent) {
    return client
        .table(table)
        .thenCompose(
            intents ->
                meter.hbase(
                    Operation.WRITE, 1, done -> 0, () -> intents.delete(new Delete(intent.row()))));
  }

  /** Removes these write intents. */
  public CompletableFuture<Void> removeAll(List<WriteIntent> some) {
    if (some.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    List<Delete> deletes = new ArrayList<>(some.size());
    some.forEach(intent -> deletes.add(new Delete(intent.row())));
    return client
        .table(table)
        .thenCompose(
            intents ->
                meter.hbase(
                    Operation.WRITE, some.size(), done -> 0, () -> intents.deleteAll(deletes)));
  }

  /**
   * Returns the write intents of a table, oldest first, that come after a row key; from the first
   * if it is empty.
   */
  public CompletableFuture<List<WriteIntent>> after(String owner, byte[] last, int limit) {
    byte[] prefix = prefix(owner);
    return scan(prefix, last.length == 0 ? prefix : last, last.length == 0, limit);
  }

  /**
   * Returns all write intents of a table that were created at a time or later, by their writers'
   * clocks.
   */
  public CompletableFuture<List<WriteIntent>> since(String owner, long millis) {
    byte[] prefix = prefix(owner);
    return scan(prefix, Bytes.add(prefix, Bytes.toBytes(Math.max(0, millis))), true, -1);
  }

  private CompletableFuture<List<WriteIntent>> scan(
      byte[] prefix, byte[] start, boolean inclusive, int limit) {
    Scan scan =
        new Scan()
            .withStartRow(start, inclusive)
            .withStopRow(Bytes.add(Bytes.head(prefix, prefix.length - 1), new byte[] {1}))
            .addFamily(FAMILY)
            .setLimit(limit)
            .setCaching(limit < 0 ? CACHING : limit);
    return client
        .table(table)
        .thenCompose(
            intents ->
                meter.hbase(
                    Operation.SCAN, Math.max(0, limit), done -> 0, () -> intents.scanAll(scan)))
        .thenApply(
            results ->
                AnswerChecks.requireInRange(scan, results).stream().map(this::decode).toList());
  }

  private CompletableFuture<Void> put(Put put) {
    return client
        .table(table)
        .thenCompose(intents -> meter.hbase(Operation.WRITE, 1, done -> 0, () -> intents.put(put)));
  }

  private WriteIntent decode(Result result) {
    byte[] row = result.getRow();
    long createdAt = Bytes.toLong(row, row.length - 16);
    byte[] written = result.getValue(FAMILY, GRACE);
    long graceMillis =
        written == null || written.length != Long.BYTES ? grace.toMillis() : Bytes.toLong(written);
    List<byte[]> rowKeys = new ArrayList<>();
    Cell keys = result.getColumnLatestCell(FAMILY, KEYS);
    boolean isReadable = read(keys, rowKeys);
    if (!isReadable) {
      meter.count("intents.unreadable", 1);
    }
    return new WriteIntent(
        row,
        isReadable ? rowKeys : List.of(),
        createdAt,
        result.containsColumn(FAMILY, ENDED),
        graceMillis,
        // The clocks of the writer and of this process may differ, so the age comes from HBase's
        // timestamps.
        now.getAsLong() - (keys == null ? createdAt : keys.getTimestamp()),
        isReadable);
  }

  /**
   * Decodes the keys. Returns false if they cannot be read, so that one unreadable intent does not
   * affect the others.
   */
  private static boolean read(@Nullable Cell keys, List<byte[]> rowKeys) {
    if (keys == null) {
      return true;
    }
    try {
      ByteSource in =
          new ByteSource(keys.getValueArray(), keys.getValueOffset(), keys.getValueLength());
      if (in.i8() != FORMAT) {
        return false;
      }
      int count = in.length();
      for (int i = 0; i < count; i++) {
        rowKeys.add(in.block());
      }
      return true;
    } catch (RuntimeException e) {
      return false;
    }
  }

  private static byte[] prefix(String owner) {
    return Bytes.add(Utf8.encode(owner), new byte[] {0});
  }
}
