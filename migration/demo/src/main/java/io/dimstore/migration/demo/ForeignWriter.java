// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.demo;

import io.dimstore.spi.Key;
import io.dimstore.spi.Row;
import io.dimstore.stack.RedisEndpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.Connection;
import org.apache.hadoop.hbase.client.Delete;
import org.apache.hadoop.hbase.client.Increment;
import org.apache.hadoop.hbase.client.Put;
import org.apache.hadoop.hbase.client.Table;
import org.apache.hadoop.hbase.util.Bytes;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.RedisClient;

/**
 * A program that knows nothing of dimstore: it changes rows with HBase's client, and removes their
 * entries from Redis at once and a moment later, as such programs do.
 */
final class ForeignWriter implements AutoCloseable {

  private static final Duration PAUSE = Duration.ofMillis(50);

  private static final Duration DELAY = Duration.ofMillis(400);

  /** Two changes of a row within a millisecond would have one timestamp. */
  private static final Duration LEAST_BETWEEN = Duration.ofMillis(500);

  private static final byte[] FAMILY = Bytes.toBytes("f");
  private static final byte[] TITLE = Bytes.toBytes("title");
  private static final byte[] LIST_PRICE = Bytes.toBytes("list_price");

  private final Connection connection;
  private final RedisEndpoint redis;
  private final String table;
  private final List<Key> keys;

  /** The rows as this program left them; empty for a row that it deleted. */
  private final Map<Key, Optional<Row>> left = new HashMap<>();

  private final Map<Key, Long> touched = new HashMap<>();
  private final AtomicLong writes = new AtomicLong();
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final Thread thread = new Thread(this::run, "foreign-writer");

  /**
   * Creates the program.
   *
   * @param rows the rows that it changes, as they are now
   */
  ForeignWriter(
      Connection connection, RedisEndpoint redis, String table, List<io.dimstore.spi.Put> rows) {
    this.connection = connection;
    this.redis = redis;
    this.table = table;
    this.keys = rows.stream().map(io.dimstore.spi.Put::key).toList();
    rows.forEach(row -> left.put(row.key(), Optional.of(row.row())));
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void run() {
    Random random = new Random(11);
    ArrayDeque<Key> again = new ArrayDeque<>();
    try (Table rows = connection.getTable(TableName.valueOf(table));
        RedisClient cache = RedisClient.create(redis.host(), redis.port())) {
      while (!stopped.get()) {
        Key key = keys.get(random.nextInt(keys.size()));
        long now = System.nanoTime();
        Long before = touched.get(key);
        if (before == null || now - before > LEAST_BETWEEN.toNanos()) {
          change(rows, key, random);
          cache.del("dim:" + table + ":" + text(key));
          touched.put(key, System.nanoTime());
          again.add(key);
          writes.getAndIncrement();
        }
        // A reader may have written the row back that it had read before: remove it once more.
        for (Key next = again.peek();
            next != null && now - touched.getOrDefault(next, 0L) > DELAY.toNanos();
            next = again.peek()) {
          cache.del("dim:" + table + ":" + text(next));
          again.remove();
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    } catch (IOException | RuntimeException e) {
      failure.set(e);
    }
  }

  private void change(Table rows, Key key, Random random) throws IOException {
    byte[] row = text(key).getBytes(StandardCharsets.UTF_8);
    Row present = left.getOrDefault(key, Optional.empty()).orElse(null);
    long price = 100L + random.nextInt(10_000);
    if (present == null) {
      String title = "AGAIN IN STOCK " + price;
      rows.put(
          new Put(row)
              .addColumn(FAMILY, TITLE, Bytes.toBytes(title))
              .addColumn(FAMILY, LIST_PRICE, Bytes.toBytes(price)));
      left.put(key, Optional.of(Row.of(title, null, price)));
      return;
    }
    int kind = random.nextInt(10);
    if (kind == 0) {
      rows.delete(new Delete(row));
      left.put(key, Optional.empty());
    } else if (kind < 4 && present.get(ItemRows.PRICE) instanceof Long old) {
      rows.increment(new Increment(row).addColumn(FAMILY, LIST_PRICE, 5));
      left.put(key, Optional.of(Row.of(present.get(0), present.get(1), old + 5)));
    } else {
      rows.put(new Put(row).addColumn(FAMILY, LIST_PRICE, Bytes.toBytes(price)));
      left.put(key, Optional.of(Row.of(present.get(0), present.get(1), price)));
    }
  }

  private static String text(Key key) {
    return String.valueOf(key.get(0));
  }

  /**
   * Reports a failure of the program.
   *
   * @throws DemoException if it does not run any more
   */
  void requireHealthy() {
    Throwable cause = failure.get();
    if (cause != null) {
      throw new DemoException("The plain HBase client failed: " + cause.getMessage(), cause);
    }
  }

  long writes() {
    return writes.get();
  }

  /** Ends the program, and returns the rows as it left them; empty for a row that it deleted. */
  Map<Key, Optional<Row>> stop() throws InterruptedException {
    stopped.set(true);
    if (thread.isAlive()) {
      thread.join();
    }
    return left;
  }

  @Override
  public void close() throws InterruptedException {
    stop();
  }
}
