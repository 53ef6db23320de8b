// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.entry;

import io.dimstore.hbaseredis.internal.breaker.Breaker;
import io.dimstore.hbaseredis.internal.breaker.EntryTrust;
import io.dimstore.hbaseredis.internal.breaker.RequestPurpose;
import io.dimstore.hbaseredis.internal.breaker.RequestPurpose.Use;
import io.dimstore.hbaseredis.internal.common.AnswerChecks;
import io.dimstore.hbaseredis.internal.common.Meter;
import io.dimstore.hbaseredis.internal.encoding.EntryCodec;
import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.encoding.RedisNames;
import io.dimstore.hbaseredis.internal.encoding.RowState;
import io.dimstore.hbaseredis.internal.entry.EntryScripts.Leased;
import io.dimstore.hbaseredis.internal.entry.EntryScripts.Reconciled;
import io.dimstore.hbaseredis.internal.options.EntryFormat;
import io.dimstore.hbaseredis.internal.options.HBaseRedisOptions;
import io.dimstore.hbaseredis.internal.redis.RedisServers;
import io.dimstore.spi.Projection;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreMetrics.Operation;
import io.dimstore.spi.support.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.apache.hadoop.hbase.util.Bytes;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.params.ScanParams;

/**
 * One table's entries in Redis, with one key per row. Callers pass and receive packed entries,
 * whatever the table's format in Redis is. Thread-safe.
 */
public final class RedisEntries {

  private final RedisServers servers;
  private final EntryTrust trust = new EntryTrust();
  private final RequestPurpose reads;
  private final RequestPurpose checks;
  private final RequestPurpose writes;
  private final RedisNames names;
  private final EntryFormatter formatter;
  private final EntryScripts scripts;

  public RedisEntries(
      RedisServers servers, Meter meter, StoreConfig config, Layout layout, EntryCodec entries) {
    this.servers = servers;
    Predicate<Breaker> readable = server -> server.allowsReads(trust);
    this.reads = new RequestPurpose(Use.READ, readable, null, false);
    this.checks = new RequestPurpose(Use.CHECK, server -> server.allowsChecks(trust), null, false);
    this.writes = new RequestPurpose(Use.WRITE, Breaker::allowsWrites, null, false);
    this.names = layout.redisNames(config.get(HBaseRedisOptions.REDIS_PREFIX));
    this.formatter = new EntryFormatter(layout, entries, meter);
    this.scripts =
        new EntryScripts(
            formatter, config.get(HBaseRedisOptions.MAX_AGE), config.get(HBaseRedisOptions.LEASE));
  }

  /**
   * Row keys, and the names of their keys in Redis, which are computed once per lookup.
   *
   * @param keys the row keys in HBase
   * @param names the names in Redis, in the same order
   */
  public record Rows(List<byte[]> keys, List<byte[]> names) {

    int size() {
      return keys.size();
    }

    public Rows of(int[] chosen) {
      List<byte[]> someKeys = new ArrayList<>(chosen.length);
      List<byte[]> someNames = new ArrayList<>(chosen.length);
      for (int i : chosen) {
        someKeys.add(keys.get(i));
        someNames.add(names.get(i));
      }
      return new Rows(someKeys, someNames);
    }
  }

  /** Returns, per server, whether its entries contain all writes of this process. */
  public EntryTrust trust() {
    return trust;
  }

  /** Returns the servers that hold the entries. */
  public RedisServers servers() {
    return servers;
  }

  /** Whether Redis may be read for a lookup; if not, HBase can be read at once. */
  public boolean isReadable() {
    return servers.allow(reads);
  }

  /**
   * Returns the purpose of one lookup. It uses the answers that arrive before the deadline, even if
   * other servers fail.
   */
  private RequestPurpose lookup(Deadline deadline) {
    return new RequestPurpose(Use.READ, reads.allowed(), deadline, true);
  }

  public Rows rows(List<byte[]> rowKeys) {
    return new Rows(rowKeys, names(rowKeys));
  }

  /**
   * Reads the packed entries of these rows, for a check; null for a row without one. Values that
   * are not valid entries are returned as other bytes.
   */
  public CompletableFuture<List<byte @Nullable []>> read(List<byte[]> rowKeys) {
    if (formatter.format() == EntryFormat.HASH) {
      return hashes(names(rowKeys), List.of(), checks)
          .thenApply(
              found -> {
                List<byte @Nullable []> entries = new ArrayList<>(found.size());
                for (List<?> pairs : found) {
                  entries.add(formatter.entryOfHash(pairs));
                }
                return entries;
              });
    }
    return strings(names(rowKeys), checks)
        .thenApply(
            found -> {
              found.replaceAll(value -> value == null ? null : formatter.entry(value));
              return found;
            });
  }

  /**
   * Reads the states of these rows from Redis. An element is null if Redis has no usable entry: the
   * caller must then read HBase.
   *
   * @param columns the columns to read
   * @param deadline how long to wait for Redis
   */
  public CompletableFuture<List<@Nullable RowState>> read(
      Rows rows, Projection columns, Deadline deadline) {
    if (formatter.format() == EntryFormat.HASH) {
      List<byte[]> fields = formatter.fields(columns);
      return hashes(rows.names, fields, lookup(deadline))
          .thenApply(
              found -> {
                List<@Nullable RowState> stored = new ArrayList<>(found.size());
                for (List<?> values : found) {
                  stored.add(formatter.storedInHash(fields, values, columns));
                }
                return stored;
              });
    }
    return strings(rows.names, lookup(deadline))
        .thenApply(
            found -> {
              List<@Nullable RowState> stored = new ArrayList<>(found.size());
              for (byte[] value : found) {
                stored.add(value == null ? null : formatter.stored(value, columns));
              }
              return stored;
            });
  }

  private CompletableFuture<List<byte @Nullable []>> strings(
      List<byte[]> names, RequestPurpose purpose) {
    return servers
        .values(names, purpose)
        .thenApply(values -> AnswerChecks.requireAll("Redis", names.size(), values));
  }

  private CompletableFuture<List<List<?>>> hashes(
      List<byte[]> names, List<byte[]> fields, RequestPurpose purpose) {
    return servers.run(Operation.GET, scripts.readHashes(names, fields), purpose);
  }

  /**
   * Takes a lease on each row that has neither entry nor lease, and reads the entries that exist.
   */
  public CompletableFuture<Leased> lease(
      byte[] lease, Rows rows, Projection columns, Deadline deadline) {
    return servers.run(Operation.GET, scripts.lease(lease, rows.names, columns), lookup(deadline));
  }

  /**
   * Whether {@link #lease} returns the entries that exist. If not, it returns null for them, as for
   * entries that cannot be used.
   */
  public boolean leasesRead() {
    return formatter.format() != EntryFormat.HASH;
  }

  /** Fills Redis with what HBase answered after these leases were taken or seen. */
  public CompletableFuture<Reconciled> fill(
      List<byte[]> leases, Rows rows, List<byte[]> entries, Deadline deadline) {
    return servers.run(Operation.GET, scripts.fill(leases, rows.names, entries), lookup(deadline));
  }

  /**
   * Updates existing entries to what HBase holds, creates none, and invalidates the leases of these
   * rows.
   */
  public CompletableFuture<Reconciled> apply(List<byte[]> rowKeys, List<byte[]> entries) {
    return servers.run(Operation.WRITE, scripts.apply(names(rowKeys), entries), writes);
  }

  /**
   * Fences rows: removes their entries, and keeps readers from creating others for this time.
   * Meanwhile HBase answers their lookups.
   *
   * @return the number of rows
   */
  public CompletableFuture<Long> fence(List<byte[]> rowKeys, Duration life) {
    return servers.run(Operation.WRITE, scripts.fence(names(rowKeys), life), writes);
  }

  /**
   * Removes each entry that is unchanged since it was seen.
   *
   * @return for each row, whether its entry was removed
   */
  public CompletableFuture<List<Boolean>> remove(List<byte[]> rowKeys, List<byte[]> seen) {
    return servers.run(Operation.WRITE, scripts.remove(names(rowKeys), seen), writes);
  }

  /**
   * One page of the row keys that have a key in Redis.
   *
   * @param rowKeys the row keys, without duplicates within this page
   * @param cursor the cursor of the next page; {@link #START} if this page is the last
   */
  public record Names(List<byte[]> rowKeys, String cursor) {

    public static final String START = RedisServers.START;

    public boolean isLast() {
      return cursor.equals(START);
    }
  }

  /**
   * Returns the next page of rows that have a key in Redis. The scan examines about this many keys,
   * including keys of other tables.
   */
  public CompletableFuture<Names> names(String cursor, int count) {
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
