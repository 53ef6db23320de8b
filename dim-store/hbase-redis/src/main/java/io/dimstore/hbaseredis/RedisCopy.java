package io.dimstore.hbaseredis;

import io.dimstore.spi.Projection;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics.Operation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.hadoop.hbase.util.Bytes;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.params.ScanParams;

/**
 * One table's entries in Redis: one key per row. Callers deal in packed entries, whatever the
 * format that the table has there. Thread-safe.
 */
final class RedisCopy {

  private static final byte[] NO_LEASE = {};
  private static final byte[] SETTLE_EQUAL = {'1'};
  private static final byte[] LEAVE_EQUAL = {'0'};

  private final RedisServers servers;
  private final Breaker breaker;
  private final RedisNames names;
  private final RedisForm form;
  private final Projection everything;
  private final byte[] maxAgeMillis;
  private final byte[] leaseMillis;

  RedisCopy(RedisServers servers, Breaker breaker, StoreConfig config, Layout layout) {
    this.servers = servers;
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
    if (form.format() != RedisFormat.HASH) {
      return watched(servers.values(names(rowKeys), breaker::allowsReads))
          .thenApply(found -> form.ofStrings(found, exact));
    }
    List<byte[]> fields = exact ? List.of() : form.fields(columns);
    ScriptCall call = new ScriptCall(Scripts.READ_HASH, fields, names(rowKeys), List.of());
    return watched(servers.run(Operation.GET, call, breaker::allowsReads))
        .thenApply(
            answers -> {
              List<List<?>> found = inOrder(answers, rowKeys.size(), values -> (List<?>) values);
              List<byte @Nullable []> entries = new ArrayList<>(found.size());
              for (List<?> values : found) {
                entries.add(form.ofHash(fields, values, exact));
              }
              return entries;
            });
  }

  /**
   * Takes a lease on each row that has nothing.
   *
   * @return for each row the lease that is on it now, which may be another reader's; empty where
   *     there is an entry
   */
  CompletableFuture<List<byte[]>> lease(byte[] lease, List<byte[]> rowKeys) {
    ScriptCall call =
        new ScriptCall(
            form.format().lease(), List.of(lease, leaseMillis), names(rowKeys), List.of());
    return watched(
        servers
            .run(Operation.GET, call, breaker::allowsReads)
            .thenApply(answers -> inOrder(answers, rowKeys.size(), held -> (byte[]) held)));
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
    ScriptCall call =
        new ScriptCall(
            form.format().remove(),
            List.of(),
            names(rowKeys),
            seen.stream().map(entry -> List.of(form.written(entry))).toList());
    return servers
        .run(Operation.WRITE, call, breaker::allowsWrites)
        .thenApply(answers -> inOrder(answers, rowKeys.size(), count -> (Long) count > 0));
  }

  /** Answers of one element for each key, in the order of the keys. */
  private static <T> List<T> inOrder(
      List<ScriptCall.Answer> answers, int size, Function<Object, T> element) {
    List<@Nullable T> all = new ArrayList<>(Collections.nCopies(size, null));
    for (ScriptCall.Answer answer : answers) {
      List<?> values = (List<?>) answer.value();
      for (int i = 0; i < answer.keys().length; i++) {
        all.set(answer.keys()[i], element.apply(values.get(i)));
      }
    }
    return all.stream()
        .map(Objects::requireNonNull)
        .collect(Collectors.toCollection(ArrayList::new));
  }

  /**
   * A part of what is in Redis under the table's prefix.
   *
   * @param rowKeys each once, as far as this part goes
   * @param cursor where to go on; the one to begin with at the end
   */
  record Names(List<byte[]> rowKeys, String cursor) {

    static final String START = RedisServers.START;

    boolean isLast() {
      return cursor.equals(START);
    }
  }

  /** The rows that have something in Redis; looks at about this many keys of any kind. */
  CompletableFuture<Names> names(String cursor, int count) {
    ScanParams params = new ScanParams().match(names.pattern()).count(count);
    return watched(
        servers
            .scan(cursor, params, count, breaker::allowsReads)
            .thenApply(
                found -> {
                  TreeSet<byte[]> rowKeys = new TreeSet<>(Bytes.BYTES_COMPARATOR);
                  for (byte[] name : found.names()) {
                    byte[] rowKey = names.rowKey(name);
                    if (rowKey != null) {
                      rowKeys.add(rowKey);
                    }
                  }
                  return new Names(List.copyOf(rowKeys), found.cursor());
                }));
  }

  private CompletableFuture<Settled> settle(
      Operation operation,
      RedisLanes.Useful useful,
      List<byte[]> leases,
      List<byte[]> rowKeys,
      List<byte[]> entries) {
    List<List<byte[]>> each = new ArrayList<>(rowKeys.size());
    for (int i = 0; i < rowKeys.size(); i++) {
      each.add(List.of(leases.get(i), form.written(entries.get(i))));
    }
    byte[] equals = operation == Operation.WRITE ? SETTLE_EQUAL : LEAVE_EQUAL;
    ScriptCall call =
        new ScriptCall(form.format().settle(), List.of(maxAgeMillis, equals), names(rowKeys), each);
    return servers
        .run(operation, call, useful)
        .thenApply(
            answers -> {
              Settled all = new Settled(0, 0, 0);
              for (ScriptCall.Answer answer : answers) {
                all = all.plus(settled(answer.value()));
              }
              return all;
            });
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

  private List<byte[]> names(List<byte[]> rowKeys) {
    List<byte[]> names = new ArrayList<>(rowKeys.size());
    for (byte[] rowKey : rowKeys) {
      names.add(this.names.name(rowKey));
    }
    return names;
  }

  private static byte[] millis(long millis) {
    return Utf8.encode(Long.toString(Math.max(1, millis)));
  }
}
