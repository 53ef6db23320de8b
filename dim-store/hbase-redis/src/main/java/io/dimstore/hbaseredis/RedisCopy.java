package io.dimstore.hbaseredis;

import io.dimstore.spi.Projection;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics.Operation;
import java.util.ArrayList;
import java.util.Arrays;
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
  private static final byte[] SAME_LEASE = Utf8.encode(Scripts.SAME_LEASE);
  private static final byte[] COMMON_LEASE = {'1'};
  private static final byte[] OWN_LEASES = {'2'};
  private static final byte[] SETTLE_EQUAL = {'1'};
  private static final byte[] LEAVE_EQUAL = {'0'};

  private final RedisServers servers;
  private final Breaker breaker;
  private final Meter meter;
  private final RedisNames names;
  private final RedisForm form;
  private final EntryCodec entries;
  private final byte[] maxAgeMillis;
  private final byte[] leaseMillis;

  RedisCopy(
      RedisServers servers,
      Breaker breaker,
      Meter meter,
      StoreConfig config,
      Layout layout,
      EntryCodec entries) {
    this.servers = servers;
    this.breaker = breaker;
    this.meter = meter;
    this.names = layout.redisNames(config.get(HBaseRedisOptions.REDIS_PREFIX));
    this.form = new RedisForm(layout);
    this.entries = entries;
    this.maxAgeMillis = millis(config.get(HBaseRedisOptions.MAX_AGE).toMillis());
    this.leaseMillis = millis(config.get(HBaseRedisOptions.LEASE).toMillis());
  }

  /**
   * Rows, and the names of their keys, made once for all that a reader asks about them.
   *
   * @param keys the rows' keys
   * @param names in the same order
   */
  record Rows(List<byte[]> keys, List<byte[]> names) {

    int size() {
      return keys.size();
    }

    Rows of(int[] chosen) {
      List<byte[]> someKeys = new ArrayList<>(chosen.length);
      List<byte[]> someNames = new ArrayList<>(chosen.length);
      for (int i : chosen) {
        someKeys.add(keys.get(i));
        someNames.add(names.get(i));
      }
      return new Rows(someKeys, someNames);
    }
  }

  Rows rows(List<byte[]> rowKeys) {
    return new Rows(rowKeys, names(rowKeys));
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
    if (form.format() == RedisFormat.HASH) {
      return hashes(names(rowKeys), List.of(), true);
    }
    return watched(servers.values(names(rowKeys), breaker::allowsReads))
        .thenApply(
            found -> {
              found.replaceAll(
                  value -> value == null ? null : form.ofString(Reign.untagged(value), true));
              return found;
            });
  }

  /**
   * What these rows hold as far as Redis tells: null where it does not, and HBase has to be asked.
   *
   * @param columns those that rows are to have
   */
  CompletableFuture<List<@Nullable Stored>> read(Rows rows, Projection columns) {
    if (form.format() == RedisFormat.HASH) {
      return hashes(rows.names, form.fields(columns), false)
          .thenApply(found -> stored(found, entry -> decode(entry, 0, columns)));
    }
    return watched(servers.values(rows.names, breaker::allowsReads))
        .thenApply(found -> stored(found, value -> decode(value, columns)));
  }

  private static List<@Nullable Stored> stored(
      List<byte @Nullable []> found, Function<byte[], @Nullable Stored> decode) {
    List<@Nullable Stored> stored = new ArrayList<>(found.size());
    for (byte[] value : found) {
      stored.add(value == null ? null : decode.apply(value));
    }
    return stored;
  }

  /** Reads a string as it stands in Redis. */
  private @Nullable Stored decode(byte[] tagged, Projection columns) {
    return form.format() == RedisFormat.PACKED
        ? decode(tagged, Reign.BYTES, columns)
        : decode(form.ofString(Reign.untagged(tagged), false), 0, columns);
  }

  private @Nullable Stored decode(byte[] entry, int tag, Projection columns) {
    try {
      return entries.decode(entry, entry.length - tag, columns);
    } catch (RuntimeException e) {
      // A copy that cannot be read is no copy: the truth answers.
      meter.count("redis.corrupt", 1);
      return null;
    }
  }

  private CompletableFuture<List<byte @Nullable []>> hashes(
      List<byte[]> keys, List<byte[]> fields, boolean exact) {
    ScriptCall call = new ScriptCall(Scripts.READ_HASH, fields, keys);
    return watched(servers.run(Operation.GET, call, breaker::allowsReads))
        .thenApply(
            answers -> {
              List<List<?>> found = inOrder(answers, keys.size(), values -> (List<?>) values);
              List<byte @Nullable []> hashes = new ArrayList<>(found.size());
              for (List<?> values : found) {
                hashes.add(form.ofHash(fields, values, exact));
              }
              return hashes;
            });
  }

  /**
   * What rows have on which leases were to be taken.
   *
   * @param leases the lease on each row now, which may be another reader's; empty where there is
   *     none
   * @param entries what the rows have entries of hold, as {@link #read} says it; empty where all
   *     have leases
   */
  record Leased(List<byte[]> leases, List<@Nullable Stored> entries) {}

  /** Takes a lease on each row that has nothing, and reads those that have an entry. */
  CompletableFuture<Leased> lease(byte[] lease, Rows rows, Projection columns) {
    ScriptCall call =
        new ScriptCall(
            form.format().lease(), List.of(lease, maxAgeMillis, leaseMillis), rows.names);
    return watched(servers.run(Operation.GET, call, breaker::allowsReads))
        .thenApply(answers -> leased(answers, lease, rows.size(), columns));
  }

  /** Whether {@link #lease} tells what there is already; else those rows are as if unreadable. */
  boolean leasesRead() {
    return form.format() != RedisFormat.HASH;
  }

  private Leased leased(
      List<ScriptCall.Answer> answers, byte[] lease, int size, Projection columns) {
    List<byte[]> leases = new ArrayList<>(Collections.nCopies(size, lease));
    List<@Nullable Stored> stored = List.of();
    for (ScriptCall.Answer answer : answers) {
      List<?> others = (List<?>) answer.value();
      for (int i = 0; i + 1 < others.size(); i += 2) {
        int at = answer.keys()[((Long) others.get(i)).intValue() - 1];
        byte[] value = (byte[]) others.get(i + 1);
        if (EntryCodec.isLease(value)) {
          leases.set(at, Reign.untagged(value));
          continue;
        }
        leases.set(at, NO_LEASE);
        if (stored.isEmpty()) {
          stored = new ArrayList<>(Collections.nCopies(size, null));
        }
        stored.set(at, value.length == 0 ? null : decode(value, columns));
      }
    }
    return new Leased(leases, stored);
  }

  /** Tells Redis what HBase answered after these leases were seen. */
  CompletableFuture<Settled> fill(List<byte[]> leases, Rows rows, List<byte[]> entries) {
    byte[] common = leases.get(0);
    boolean same = true;
    List<byte[]> told = new ArrayList<>(leases.size());
    for (byte[] lease : leases) {
      boolean isCommon = Arrays.equals(lease, common);
      same &= isCommon;
      told.add(isCommon ? SAME_LEASE : lease);
    }
    return watched(
        settle(
            Operation.GET,
            breaker::allowsReads,
            common,
            same ? List.of() : told,
            rows.names,
            entries));
  }

  /** Brings entries in step with what HBase holds, and voids the leases of these rows. */
  CompletableFuture<Settled> apply(List<byte[]> rowKeys, List<byte[]> entries) {
    return settle(
        Operation.WRITE, breaker::allowsWrites, NO_LEASE, List.of(), names(rowKeys), entries);
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
            List.of(),
            seen.stream().map(form::written).toList(),
            form.isTagged());
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
      byte[] commonLease,
      List<byte[]> leases,
      List<byte[]> names,
      List<byte[]> entries) {
    List<byte[]> written = new ArrayList<>(entries.size());
    for (byte[] entry : entries) {
      written.add(form.written(entry));
    }
    byte[] equals = operation == Operation.WRITE ? SETTLE_EQUAL : LEAVE_EQUAL;
    ScriptCall call =
        new ScriptCall(
            form.format().settle(),
            List.of(
                maxAgeMillis,
                equals,
                commonLease,
                leaseMillis,
                leases.isEmpty() ? COMMON_LEASE : OWN_LEASES),
            names,
            leases,
            written,
            form.isTagged());
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
