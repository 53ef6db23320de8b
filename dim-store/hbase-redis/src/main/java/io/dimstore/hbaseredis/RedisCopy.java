package io.dimstore.hbaseredis;

import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.hadoop.hbase.util.Bytes;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/** One table's entries in Redis: one key per row, {@code prefix:{table}:row-key}. Thread-safe. */
final class RedisCopy {

  /** Keys a script handles at once: Redis serves nobody else meanwhile. */
  private static final int SCRIPT_BATCH = 250;

  private final RedisLanes lanes;
  private final Breaker breaker;
  private final byte[] prefix;
  private final byte[] maxAgeMillis;
  private final byte[] leaseMillis;

  RedisCopy(RedisLanes lanes, Breaker breaker, StoreConfig config, Layout layout) {
    this.lanes = lanes;
    this.breaker = breaker;
    this.prefix =
        Utf8.encode(
            config.get(HBaseRedisOptions.REDIS_PREFIX)
                + ":{"
                + layout.table().getNameAsString()
                + "}:");
    this.maxAgeMillis = millis(config.get(HBaseRedisOptions.MAX_AGE).toMillis());
    this.leaseMillis = millis(config.get(HBaseRedisOptions.LEASE).toMillis());
  }

  /**
   * What changing entries did.
   *
   * @param healed entries that were replaced or removed
   * @param voided leases that were voided
   */
  record Applied(long healed, long voided) {}

  /** The entries of these rows, null where there is none. */
  CompletableFuture<List<byte @Nullable []>> read(List<byte[]> rowKeys) {
    byte[][] names = new byte[rowKeys.size()][];
    for (int i = 0; i < names.length; i++) {
      names[i] = name(rowKeys.get(i));
    }
    return watched(
        lanes.send(
            Operation.GET,
            names.length,
            size(names),
            breaker::allowsReads,
            connection -> connection.mget(names)));
  }

  /** Takes a lease on each row without an entry; an answer of 1 means that it is held. */
  CompletableFuture<byte[]> lease(byte[] lease, List<byte[]> rowKeys) {
    List<byte[]> names = names(rowKeys, 0, rowKeys.size());
    return watched(
        lanes.send(
            Operation.GET,
            names.size(),
            0,
            breaker::allowsReads,
            connection ->
                (byte[]) run(connection, Scripts.LEASE, names, List.of(lease, leaseMillis))));
  }

  /** Fills in entries where the lease is still held; how many were. */
  CompletableFuture<Long> fill(byte[] lease, List<byte[]> rowKeys, List<byte[]> entries) {
    List<byte[]> names = names(rowKeys, 0, rowKeys.size());
    List<byte[]> arguments = new ArrayList<>(entries.size() + 2);
    arguments.add(lease);
    arguments.add(maxAgeMillis);
    arguments.addAll(entries);
    return watched(
        lanes.send(
            Operation.GET,
            names.size(),
            size(entries),
            breaker::allowsReads,
            connection -> (Long) run(connection, Scripts.FILL, names, arguments)));
  }

  /** Brings entries in step with what HBase holds, and voids the leases of these rows. */
  CompletableFuture<Applied> apply(List<byte[]> rowKeys, List<byte[]> entries) {
    CompletableFuture<Applied> all = CompletableFuture.completedFuture(new Applied(0, 0));
    for (int from = 0; from < rowKeys.size(); from += SCRIPT_BATCH) {
      int to = Math.min(from + SCRIPT_BATCH, rowKeys.size());
      all =
          all.thenCombine(
              applyBatch(names(rowKeys, from, to), entries.subList(from, to)),
              (a, b) -> new Applied(a.healed + b.healed, a.voided + b.voided));
    }
    return all;
  }

  private CompletableFuture<Applied> applyBatch(List<byte[]> names, List<byte[]> entries) {
    return lanes.send(
        Operation.WRITE,
        names.size(),
        size(entries),
        breaker::allowsWrites,
        connection -> {
          List<?> counts = (List<?>) run(connection, Scripts.APPLY, names, entries);
          return new Applied((Long) counts.get(0) + (Long) counts.get(1), (Long) counts.get(2));
        });
  }

  private <T extends @Nullable Object> CompletableFuture<T> watched(CompletableFuture<T> read) {
    return read.whenComplete(
        (value, failure) -> {
          if (failure == null) {
            breaker.readSucceeded();
          } else {
            StoreException known = StoreException.find(failure);
            if (known != null) {
              breaker.readFailed(known);
            }
          }
        });
  }

  private static Object run(
      Jedis connection, Scripts script, List<byte[]> names, List<byte[]> arguments) {
    try {
      return connection.evalsha(script.sha(), names, arguments);
    } catch (JedisNoScriptException e) {
      // A server that has just started does not know it yet; EVAL makes it known.
      return connection.eval(script.source(), names, arguments);
    }
  }

  private byte[] name(byte[] rowKey) {
    return Bytes.add(prefix, rowKey);
  }

  private List<byte[]> names(List<byte[]> rowKeys, int from, int to) {
    List<byte[]> names = new ArrayList<>(to - from);
    for (int i = from; i < to; i++) {
      names.add(name(rowKeys.get(i)));
    }
    return names;
  }

  private static long size(byte[][] blocks) {
    long size = 0;
    for (byte[] block : blocks) {
      size += block.length;
    }
    return size;
  }

  private static long size(List<byte[]> blocks) {
    long size = 0;
    for (byte[] block : blocks) {
      size += block.length;
    }
    return size;
  }

  private static byte[] millis(long millis) {
    return Utf8.encode(Long.toString(Math.max(1, millis)));
  }
}
