package io.dimstore.hbaseredis;

import io.dimstore.spi.Projection;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.apache.hadoop.hbase.util.Bytes;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisNoScriptException;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/**
 * One table's entries in Redis: one key per row. Callers deal in packed entries, whatever the
 * format that the table has there. Thread-safe.
 */
final class RedisCopy {

  /** Keys a script handles at once: Redis serves nobody else meanwhile. */
  private static final int SCRIPT_BATCH = 250;

  private static final byte[] NO_LEASE = {};
  private static final byte[] SETTLE_EQUAL = {'1'};
  private static final byte[] LEAVE_EQUAL = {'0'};

  private final RedisLanes lanes;
  private final Breaker breaker;
  private final RedisNames names;
  private final RedisForm form;
  private final Projection everything;
  private final byte[] maxAgeMillis;
  private final byte[] leaseMillis;

  RedisCopy(RedisLanes lanes, Breaker breaker, StoreConfig config, Layout layout) {
    this.lanes = lanes;
    this.breaker = breaker;
    this.names = layout.redisNames(config.get(HBaseRedisOptions.REDIS_PREFIX));
    this.form = new RedisForm(layout);
    this.everything = Projection.all(layout.slots().length);
    this.maxAgeMillis = millis(config.get(HBaseRedisOptions.MAX_AGE).toMillis());
    this.leaseMillis = millis(config.get(HBaseRedisOptions.LEASE).toMillis());
  }

  /**
   * What settling entries did.
   *
   * @param made entries that were made
   * @param healed entries that were replaced or removed
   * @param voided leases that were voided
   */
  record Settled(long made, long healed, long voided) {

    private Settled plus(Settled other) {
      return new Settled(made + other.made, healed + other.healed, voided + other.voided);
    }
  }

  /** The entries of these rows as they are, null where there is none. */
  CompletableFuture<List<byte @Nullable []>> read(List<byte[]> rowKeys) {
    return read(rowKeys, everything, true);
  }

  /**
   * The entries of these rows, null where there is none; of columns other than these they may say
   * anything.
   */
  CompletableFuture<List<byte @Nullable []>> read(List<byte[]> rowKeys, Projection columns) {
    return read(rowKeys, columns, false);
  }

  private CompletableFuture<List<byte @Nullable []>> read(
      List<byte[]> rowKeys, Projection columns, boolean exact) {
    if (form.format() == RedisFormat.HASH) {
      return readHashes(rowKeys, exact ? List.of() : form.fields(columns), exact);
    }
    byte[][] asked = names(rowKeys, 0, rowKeys.size()).toArray(byte[][]::new);
    return watched(
            lanes.send(
                Operation.GET,
                asked.length,
                size(Arrays.asList(asked)),
                breaker::allowsReads,
                connection -> connection.mget(asked)))
        .thenApply(found -> form.ofStrings(found, exact));
  }

  private CompletableFuture<List<byte @Nullable []>> readHashes(
      List<byte[]> rowKeys, List<byte[]> fields, boolean exact) {
    CompletableFuture<List<byte @Nullable []>> all = CompletableFuture.completedFuture(List.of());
    for (int from = 0; from < rowKeys.size(); from += SCRIPT_BATCH) {
      List<byte[]> asked = names(rowKeys, from, Math.min(from + SCRIPT_BATCH, rowKeys.size()));
      all =
          all.thenCombine(
              watched(
                  lanes.send(
                      Operation.GET,
                      asked.size(),
                      size(asked),
                      breaker::allowsReads,
                      connection -> run(connection, Scripts.READ_HASH, asked, fields))),
              (before, answer) -> {
                List<byte @Nullable []> entries = new ArrayList<>(before);
                for (Object values : (List<?>) answer) {
                  entries.add(form.ofHash(fields, (List<?>) values, exact));
                }
                return entries;
              });
    }
    return all;
  }

  /**
   * Takes a lease on each row that has nothing.
   *
   * @return for each row the lease that is on it now, which may be another reader's; empty where
   *     there is an entry
   */
  CompletableFuture<List<byte[]>> lease(byte[] lease, List<byte[]> rowKeys) {
    List<byte[]> names = names(rowKeys, 0, rowKeys.size());
    return watched(
        lanes.send(
            Operation.GET,
            names.size(),
            0,
            breaker::allowsReads,
            connection -> {
              List<byte[]> leases = new ArrayList<>(names.size());
              for (Object answer :
                  (List<?>) run(connection, Scripts.LEASE, names, List.of(lease, leaseMillis))) {
                leases.add((byte[]) answer);
              }
              return leases;
            }));
  }

  /** Tells Redis what HBase answered after these leases were seen. */
  CompletableFuture<Settled> fill(List<byte[]> leases, List<byte[]> rowKeys, List<byte[]> entries) {
    return watched(settle(Operation.GET, breaker::allowsReads, leases, rowKeys, entries));
  }

  /** Brings entries in step with what HBase holds, and voids the leases of these rows. */
  CompletableFuture<Settled> apply(List<byte[]> rowKeys, List<byte[]> entries) {
    return settle(
        Operation.WRITE,
        breaker::allowsWrites,
        Collections.nCopies(rowKeys.size(), NO_LEASE),
        rowKeys,
        entries);
  }

  /**
   * Removes the entries that still are the ones seen.
   *
   * @return for each row whether its entry was removed
   */
  CompletableFuture<List<Boolean>> remove(List<byte[]> rowKeys, List<byte[]> seen) {
    CompletableFuture<List<Boolean>> all = CompletableFuture.completedFuture(List.of());
    for (int from = 0; from < rowKeys.size(); from += SCRIPT_BATCH) {
      int to = Math.min(from + SCRIPT_BATCH, rowKeys.size());
      List<byte[]> names = names(rowKeys, from, to);
      List<byte[]> arguments = seen.subList(from, to).stream().map(form::written).toList();
      all =
          all.thenCombine(
              lanes.send(
                  Operation.WRITE,
                  names.size(),
                  size(arguments),
                  breaker::allowsWrites,
                  connection ->
                      removed((List<?>) run(connection, form.format().remove(), names, arguments))),
              RedisCopy::joined);
    }
    return all;
  }

  private static List<Boolean> removed(List<?> answer) {
    return answer.stream().map(count -> (Long) count > 0).toList();
  }

  private static List<Boolean> joined(List<Boolean> first, List<Boolean> second) {
    List<Boolean> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  /**
   * A part of what is in Redis under the table's prefix.
   *
   * @param rowKeys each once, as far as this part goes
   * @param cursor where to go on; the one to begin with at the end
   */
  record Names(List<byte[]> rowKeys, String cursor) {

    static final String START = ScanParams.SCAN_POINTER_START;

    boolean isLast() {
      return cursor.equals(START);
    }
  }

  /** The rows that have something in Redis; looks at about this many keys of any kind. */
  CompletableFuture<Names> names(String cursor, int count) {
    ScanParams params = new ScanParams().match(names.pattern()).count(count);
    return watched(
        lanes.send(
            Operation.SCAN,
            count,
            0,
            breaker::allowsReads,
            connection -> {
              ScanResult<byte[]> found = connection.scan(Utf8.encode(cursor), params);
              TreeSet<byte[]> rowKeys = new TreeSet<>(Bytes.BYTES_COMPARATOR);
              for (byte[] name : found.getResult()) {
                byte[] rowKey = this.names.rowKey(name);
                if (rowKey != null) {
                  rowKeys.add(rowKey);
                }
              }
              return new Names(List.copyOf(rowKeys), found.getCursor());
            }));
  }

  private CompletableFuture<Settled> settle(
      Operation operation,
      RedisLanes.Useful useful,
      List<byte[]> leases,
      List<byte[]> rowKeys,
      List<byte[]> entries) {
    CompletableFuture<Settled> all = CompletableFuture.completedFuture(new Settled(0, 0, 0));
    for (int from = 0; from < rowKeys.size(); from += SCRIPT_BATCH) {
      int to = Math.min(from + SCRIPT_BATCH, rowKeys.size());
      List<byte[]> names = names(rowKeys, from, to);
      List<byte[]> arguments = new ArrayList<>(2 + 2 * names.size());
      arguments.add(maxAgeMillis);
      arguments.add(operation == Operation.WRITE ? SETTLE_EQUAL : LEAVE_EQUAL);
      for (int i = from; i < to; i++) {
        arguments.add(leases.get(i));
        arguments.add(form.written(entries.get(i)));
      }
      all =
          all.thenCombine(
              lanes.send(
                  operation,
                  names.size(),
                  size(arguments),
                  useful,
                  connection -> settled(run(connection, form.format().settle(), names, arguments))),
              Settled::plus);
    }
    return all;
  }

  private static Settled settled(Object answer) {
    List<?> counts = (List<?>) answer;
    return new Settled(
        (Long) counts.get(0), (Long) counts.get(1) + (Long) counts.get(2), (Long) counts.get(3));
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

  private List<byte[]> names(List<byte[]> rowKeys, int from, int to) {
    List<byte[]> names = new ArrayList<>(to - from);
    for (int i = from; i < to; i++) {
      names.add(this.names.name(rowKeys.get(i)));
    }
    return names;
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
