package io.dimstore.hbaseredis;

import io.dimstore.hbaseredis.Demand.Use;
import io.dimstore.hbaseredis.EntryScripts.Leased;
import io.dimstore.hbaseredis.EntryScripts.Settled;
import io.dimstore.spi.Deadline;
import io.dimstore.spi.Projection;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreMetrics.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.apache.hadoop.hbase.util.Bytes;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.params.ScanParams;

/**
 * One table's entries in Redis: one key per row. Callers deal in packed entries, whatever the
 * format that the table has there. Thread-safe.
 */
final class RedisCopy {

  private final RedisServers servers;
  private final EntryTrust trust = new EntryTrust();
  private final Demand reads;
  private final Demand checks;
  private final Demand writes;
  private final RedisNames names;
  private final RedisForm form;
  private final EntryScripts scripts;

  RedisCopy(
      RedisServers servers, Meter meter, StoreConfig config, Layout layout, EntryCodec entries) {
    this.servers = servers;
    Predicate<Breaker> readable = server -> server.allowsReads(trust);
    this.reads = new Demand(Use.READ, readable, null, false);
    this.checks = new Demand(Use.CHECK, server -> server.allowsChecks(trust), null, false);
    this.writes = new Demand(Use.WRITE, Breaker::allowsWrites, null, false);
    this.names = layout.redisNames(config.get(HBaseRedisOptions.REDIS_PREFIX));
    this.form = new RedisForm(layout, entries, meter);
    this.scripts =
        new EntryScripts(
            form, config.get(HBaseRedisOptions.MAX_AGE), config.get(HBaseRedisOptions.LEASE));
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

  /** On which servers the entries are in step with the writes of this process. */
  EntryTrust trust() {
    return trust;
  }

  /** Returns the servers that hold the entries. */
  RedisServers servers() {
    return servers;
  }

  /** Whether a lookup has any prospect in Redis. */
  boolean isReadable() {
    return servers.allow(reads);
  }

  /** Of one lookup: what it has of Redis is what the servers answer in time that answer at all. */
  private Demand lookup(Deadline deadline) {
    return new Demand(Use.READ, reads.allowed(), deadline, true);
  }

  Rows rows(List<byte[]> rowKeys) {
    return new Rows(rowKeys, names(rowKeys));
  }

  /** The entries of these rows as they are, null where there is none. */
  CompletableFuture<List<byte @Nullable []>> read(List<byte[]> rowKeys) {
    if (form.format() == RedisFormat.HASH) {
      return hashes(names(rowKeys), List.of(), checks)
          .thenApply(
              found -> {
                List<byte @Nullable []> entries = new ArrayList<>(found.size());
                for (List<?> pairs : found) {
                  entries.add(form.entryOfHash(pairs));
                }
                return entries;
              });
    }
    return strings(names(rowKeys), checks)
        .thenApply(
            found -> {
              found.replaceAll(value -> value == null ? null : form.entry(value));
              return found;
            });
  }

  /**
   * What these rows hold as far as Redis tells: null where it does not, and HBase has to be asked.
   *
   * @param columns those that rows are to have
   * @param deadline until when Redis is waited for
   */
  CompletableFuture<List<@Nullable Stored>> read(Rows rows, Projection columns, Deadline deadline) {
    if (form.format() == RedisFormat.HASH) {
      List<byte[]> fields = form.fields(columns);
      return hashes(rows.names, fields, lookup(deadline))
          .thenApply(
              found -> {
                List<@Nullable Stored> stored = new ArrayList<>(found.size());
                for (List<?> values : found) {
                  stored.add(form.storedInHash(fields, values, columns));
                }
                return stored;
              });
    }
    return strings(rows.names, lookup(deadline))
        .thenApply(
            found -> {
              List<@Nullable Stored> stored = new ArrayList<>(found.size());
              for (byte[] value : found) {
                stored.add(value == null ? null : form.stored(value, columns));
              }
              return stored;
            });
  }

  private CompletableFuture<List<byte @Nullable []>> strings(List<byte[]> names, Demand demand) {
    return servers
        .values(names, demand)
        .thenApply(values -> Answers.requireAll("Redis", names.size(), values));
  }

  private CompletableFuture<List<List<?>>> hashes(
      List<byte[]> names, List<byte[]> fields, Demand demand) {
    return run(Operation.GET, scripts.readHashes(names, fields), demand);
  }

  /** Takes a lease on each row that has nothing, and reads those that have an entry. */
  CompletableFuture<Leased> lease(byte[] lease, Rows rows, Projection columns, Deadline deadline) {
    return run(Operation.GET, scripts.lease(lease, rows.names, columns), lookup(deadline));
  }

  /** Whether {@link #lease} tells what there is already; else those rows are as if unreadable. */
  boolean leasesRead() {
    return form.format() != RedisFormat.HASH;
  }

  /** Tells Redis what HBase answered after these leases were seen. */
  CompletableFuture<Settled> fill(
      List<byte[]> leases, Rows rows, List<byte[]> entries, Deadline deadline) {
    return run(Operation.GET, scripts.fill(leases, rows.names, entries), lookup(deadline));
  }

  /** Brings entries in step with what HBase holds, and voids the leases of these rows. */
  CompletableFuture<Settled> apply(List<byte[]> rowKeys, List<byte[]> entries) {
    return run(Operation.WRITE, scripts.apply(names(rowKeys), entries), writes);
  }

  /**
   * Removes the entries that still are the ones seen.
   *
   * @return for each row whether its entry was removed
   */
  CompletableFuture<List<Boolean>> remove(List<byte[]> rowKeys, List<byte[]> seen) {
    return run(Operation.WRITE, scripts.remove(names(rowKeys), seen), writes);
  }

  private <T> CompletableFuture<T> run(
      Operation operation, EntryScripts.Run<T> run, Demand demand) {
    return servers.run(operation, run.call(), demand).thenApply(run.meaning());
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
    return servers
        .scan(cursor, params, count, checks)
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
            });
  }

  private List<byte[]> names(List<byte[]> rowKeys) {
    List<byte[]> names = new ArrayList<>(rowKeys.size());
    for (byte[] rowKey : rowKeys) {
      names.add(this.names.name(rowKey));
    }
    return names;
  }
}
