package io.dimstore.hbaseredis;

import io.dimstore.spi.StoreMetrics.Operation;
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
 * The marks: rows of a table of their own, each saying that Redis may be behind HBase for the keys
 * of one batch. A mark is there before its batch is sent to HBase and goes only after Redis has the
 * batch. Row key: the table's name, 00, when it was made, and a nonce, so that the marks of a table
 * lie together, the oldest first, and no mark is ever another's. Thread-safe.
 */
final class Marks {

  static final byte[] FAMILY = {'m'};
  private static final byte[] KEYS = {'k'};
  private static final byte[] ENDED = {'e'};
  private static final byte[] GRACE = {'g'};
  private static final byte[] EMPTY = {};
  private static final byte FORMAT = 1;
  private static final int CACHING = 100;

  private final HBaseClient client;
  private final Meter meter;
  private final TableName table;
  private final Duration grace;
  private final LongSupplier now;
  private final SecureRandom nonces = new SecureRandom();
  private final AtomicLong newest = new AtomicLong();

  /**
   * The marks in a table.
   *
   * @param grace after which no attempt of a batch that this store sends is under way any more
   */
  Marks(HBaseClient client, Meter meter, TableName table, Duration grace) {
    this(client, meter, table, grace, System::currentTimeMillis);
  }

  /**
   * The marks in a table.
   *
   * @param grace after which no attempt of a batch that this store sends is under way any more
   * @param now the time by HBase's clock, which the age of marks is counted by
   */
  Marks(HBaseClient client, Meter meter, TableName table, Duration grace, LongSupplier now) {
    this.now = now;
    this.client = client;
    this.meter = meter;
    this.table = table;
    this.grace = grace;
  }

  TableName table() {
    return table;
  }

  /** The lease on a table's marks; one for each that reconciles them. */
  ReconcilerLease lease(String owner) {
    return new ReconcilerLease(client, meter, table, owner);
  }

  /**
   * Returns a time that no mark which is there now comes after: none of this store whatever its
   * clock does, and none of another process whose clock is not ahead.
   */
  long cut() {
    return Math.max(System.currentTimeMillis(), newest.get());
  }

  /**
   * A mark.
   *
   * @param row its row key
   * @param rowKeys what Redis is owed
   * @param createdAt when it was made, by its writer's clock, in epoch milliseconds
   * @param ended whether its writer has said that HBase has its batch
   * @param graceMillis after which no attempt to write its batch is under way in any case
   * @param ageMillis how old it was when it was read, by HBase's clock alone
   * @param isReadable whether its keys are known; else it has none
   */
  record Mark(
      byte[] row,
      List<byte[]> rowKeys,
      long createdAt,
      boolean ended,
      long graceMillis,
      long ageMillis,
      boolean isReadable) {

    /** Whether no attempt to write its batch to HBase is under way any more. */
    boolean isOver() {
      return ended || ageMillis > graceMillis;
    }
  }

  CompletableFuture<Mark> set(String owner, List<byte[]> rowKeys) {
    long now = System.currentTimeMillis();
    newest.accumulateAndGet(now, Math::max);
    byte[] row = Bytes.add(prefix(owner), Bytes.toBytes(now), Bytes.toBytes(nonces.nextLong()));
    Mark mark = new Mark(row, rowKeys, now, false, grace.toMillis(), 0, true);
    return put(cells(mark)).thenApply(done -> mark);
  }

  /**
   * Notes that HBase has the batch, so that the mark can go as soon as Redis has it. Makes the mark
   * anew where it has gone: one that is much older than a batch lasts is settled and removed.
   */
  CompletableFuture<Void> ended(Mark mark) {
    return put(cells(mark).addColumn(FAMILY, ENDED, EMPTY));
  }

  private static Put cells(Mark mark) {
    ByteSink out = new ByteSink(16 + 24 * mark.rowKeys().size());
    out.i8(FORMAT);
    out.length(mark.rowKeys().size());
    mark.rowKeys().forEach(out::block);
    return new Put(mark.row())
        .addColumn(FAMILY, KEYS, out.toBytes())
        .addColumn(FAMILY, GRACE, Bytes.toBytes(mark.graceMillis()));
  }

  CompletableFuture<Void> remove(Mark mark) {
    return client
        .table(table)
        .thenCompose(
            marks ->
                meter.hbase(
                    Operation.WRITE, 1, done -> 0, () -> marks.delete(new Delete(mark.row()))));
  }

  /** Removes exactly these marks. */
  CompletableFuture<Void> removeAll(List<Mark> some) {
    if (some.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    List<Delete> deletes = new ArrayList<>(some.size());
    some.forEach(mark -> deletes.add(new Delete(mark.row())));
    return client
        .table(table)
        .thenCompose(
            marks ->
                meter.hbase(
                    Operation.WRITE, some.size(), done -> 0, () -> marks.deleteAll(deletes)));
  }

  /** The marks of a table, oldest first, that come after one (or all, where it is empty). */
  CompletableFuture<List<Mark>> after(String owner, byte[] last, int limit) {
    byte[] prefix = prefix(owner);
    return scan(prefix, last.length == 0 ? prefix : last, last.length == 0, limit);
  }

  /** The marks of a table that were made at a time or later, all of them. */
  CompletableFuture<List<Mark>> since(String owner, long millis) {
    byte[] prefix = prefix(owner);
    return scan(prefix, Bytes.add(prefix, Bytes.toBytes(Math.max(0, millis))), true, -1);
  }

  private CompletableFuture<List<Mark>> scan(
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
            marks ->
                meter.hbase(
                    Operation.SCAN, Math.max(0, limit), done -> 0, () -> marks.scanAll(scan)))
        .thenApply(
            results -> Answers.requireInRange(scan, results).stream().map(this::decode).toList());
  }

  private CompletableFuture<Void> put(Put put) {
    return client
        .table(table)
        .thenCompose(marks -> meter.hbase(Operation.WRITE, 1, done -> 0, () -> marks.put(put)));
  }

  private Mark decode(Result result) {
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
    return new Mark(
        row,
        isReadable ? rowKeys : List.of(),
        createdAt,
        result.containsColumn(FAMILY, ENDED),
        graceMillis,
        // Its writer's clock and ours may differ; HBase's clock stamped the cells.
        now.getAsLong() - (keys == null ? createdAt : keys.getTimestamp()),
        isReadable);
  }

  /** Reads the keys; one mark that cannot be read costs none of the others. */
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
