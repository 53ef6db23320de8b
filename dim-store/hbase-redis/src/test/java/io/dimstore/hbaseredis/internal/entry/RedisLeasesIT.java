// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.entry;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.hbaseredis.internal.common.Meter;
import io.dimstore.hbaseredis.internal.encoding.EntryCodec;
import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.encoding.RedisNames;
import io.dimstore.hbaseredis.internal.encoding.Utf8;
import io.dimstore.hbaseredis.internal.options.EntryFormat;
import io.dimstore.hbaseredis.internal.options.HBaseRedisOptions;
import io.dimstore.hbaseredis.internal.redis.RedisServers;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption;
import io.dimstore.spi.TableSpec;
import io.dimstore.spi.support.Deadline;
import io.dimstore.stack.LocalStackExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Jedis;

/**
 * The scripts on many rows at once, each with a lease, an age and an answer of its own, in every
 * format. Tests make a key look older by shortening its expiry.
 */
class RedisLeasesIT {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("redis");

  private static final long MAX_AGE_MILLIS = 600_000;

  /** The remaining life of a lease that was held longer than allowed. */
  private static final long OLD_MILLIS = MAX_AGE_MILLIS - 200_000;

  private static final byte[] OWN = EntryCodec.lease(1, 1);
  private static final byte[] OTHER = EntryCodec.lease(2, 1);
  private static final byte[] OLD = EntryCodec.lease(3, 1);
  private static final byte[] NONE = {};

  private RedisServers servers;
  private RedisEntries redisEntries;
  private EntryCodec entries;
  private RedisNames names;
  private Jedis plain;

  private void open(EntryFormat format) {
    String table = "leases_" + Users.unique();
    Layout layout =
        new Layout(
            new TableSpec(
                table,
                Users.spec(table).columns(),
                List.of("id"),
                Map.of("redis.format", format.name())));
    Map<String, String> options =
        Map.of(
            "redis.host",
            stack.redis().host(),
            "redis.port",
            Integer.toString(stack.redis().port()),
            "max-age",
            MAX_AGE_MILLIS + " ms",
            "lease",
            "100 s");
    StoreConfig config =
        StoreConfig.parse("store", HBaseRedisOptions.all(), StoreOption.Scope.STORE, options);
    Meter meter = new Meter(StoreMetrics.NONE);
    servers = RedisServers.open(config, meter);
    entries = new EntryCodec(layout);
    redisEntries = new RedisEntries(servers, meter, config, layout, entries);
    names = layout.redisNames("dim");
    plain = new Jedis(stack.redis().host(), stack.redis().port());
  }

  @AfterEach
  void close() {
    plain.close();
    servers.close();
  }

  /** HBase is read after the lease is taken, so its answer is at most as old as the lease. */
  @ParameterizedTest
  @EnumSource
  void theLifeOfAnEntryCountsFromTheLease(EntryFormat format) {
    open(format);
    lease(OWN, "a");
    age("a", MAX_AGE_MILLIS - 50_000);
    assertThat(fill(List.of(OWN), "a").created()).isEqualTo(1);
    assertThat(life("a")).isBetween(1L, MAX_AGE_MILLIS - 50_000);
  }

  @ParameterizedTest
  @EnumSource
  void leaseHeldTooLongCreatesNoEntryAndIsTakenOver(EntryFormat format) {
    open(format);
    lease(OLD, "a");
    age("a", OLD_MILLIS);
    assertThat(fill(List.of(OLD), "a").created()).isZero();
    assertThat(life("a")).as("no such key").isEqualTo(-2);
    lease(OLD, "a");
    age("a", OLD_MILLIS);
    assertThat(lease(OWN, "a")).containsExactly(OWN);
    assertThat(life("a")).as("from its reader on").isBetween(OLD_MILLIS + 1, MAX_AGE_MILLIS);
    assertThat(fill(List.of(OLD), "a").created()).isZero();
  }

  /**
   * A later fill does not prolong the life of an existing entry, and does not remove its expiry.
   */
  @ParameterizedTest
  @EnumSource
  void aFillThatFindsAnEntryDoesNotProlongItsLife(EntryFormat format) {
    open(format);
    lease(OWN, "a");
    fill(List.of(OWN), List.of("a"), List.of(row("a", 2)));
    age("a", 30_000);
    fill(List.of(OWN), List.of("a"), List.of(row("a", 1)));
    assertThat(read("a")).containsExactly(row("a", 2));
    assertThat(life("a")).isBetween(1L, 30_000L);
    fill(List.of(OWN), List.of("a"), List.of(row("a", 3)));
    assertThat(read("a")).containsExactly(row("a", 3));
    assertThat(life("a")).isBetween(1L, 30_000L);
  }

  /**
   * Readers keep it because it may have another layout; a writer removes it, so that the next
   * reader creates it again.
   */
  @ParameterizedTest
  @EnumSource
  void entryOfEqualVersionIsKeptByReadersAndRemovedByWriters(EntryFormat format) {
    open(format);
    List<byte[]> rows = List.of(row("a", 5), row("b", 5), row(null, 5), EntryCodec.tombstone(5));
    for (byte[] first : rows) {
      for (byte[] second : rows) {
        lease(OWN, "a");
        fill(List.of(OWN), List.of("a"), List.of(first));
        for (byte[] lease : List.of(NONE, OTHER)) {
          fill(List.of(lease), List.of("a"), List.of(second));
          assertThat(read("a")).containsExactly(first);
        }
        assertThat(apply("a", second).healed()).isEqualTo(first == second ? 0 : 1);
        assertThat(plain.exists(names.name(key("a")))).isEqualTo(first == second);
        plain.del(names.name(key("a")));
      }
    }
  }

  /**
   * One request with own and other leases, leases that are too old or void, missing leases, and
   * keys that are not valid entries.
   */
  @ParameterizedTest
  @EnumSource
  void everyRowOfAFillNeedsItsOwnLease(EntryFormat format) {
    open(format);
    List<String> rows = new ArrayList<>(List.of("old1", "own1", "other", "void", "newer", "list"));
    rows.addAll(List.of("old2", "own2", "stale", "foreign"));
    List<byte[]> leases = new ArrayList<>(List.of(OLD, OWN, OTHER, OWN, NONE, OWN));
    leases.addAll(List.of(OLD, OWN, NONE, OWN));
    for (int round = 0; round < 2; round++) {
      lease(OLD, "old1", "old2");
      age("old1", OLD_MILLIS);
      age("old2", OLD_MILLIS);
      lease(OTHER, "other", "foreign");
      lease(OWN, "own1", "own2", "newer", "stale");
      fill(List.of(OWN, OWN), List.of("newer", "stale"), List.of(row("newer", 9), row("stale", 1)));
      plain.lpush(names.name(key("list")), key("x"));
      List<byte[]> entries = rows.stream().map(id -> row(id, 5)).toList();
      EntryScripts.Reconciled reconciled = fill(leases, rows, entries);
      assertThat(reconciled.created()).as("own1, own2, other").isEqualTo(3);
      assertThat(reconciled.invalidated()).as("old1, old2, foreign").isEqualTo(3);
      assertThat(read("own1", "own2", "other", "newer", "stale"))
          .containsExactly(
              row("own1", 5), row("own2", 5), row("other", 5), row("newer", 9), row("stale", 5));
      for (String id : List.of("old1", "old2", "void", "list", "foreign")) {
        assertThat(life(id)).as(id + ": no such key").isEqualTo(-2);
      }
      rows.forEach(id -> plain.del(names.name(key(id))));
      Collections.reverse(rows);
      Collections.reverse(leases);
    }
  }

  /** Only the end of its fence lets a row have an entry again, whoever read or wrote it. */
  @ParameterizedTest
  @EnumSource
  void fencedRowHasNoEntryUntilItsFenceEnds(EntryFormat format) {
    open(format);
    lease(OWN, "a", "b", "c");
    fill(List.of(OWN), List.of("a"), List.of(row("a", 5)));
    String[] rows = {"a", "b", "none"};
    assertThat(Users.await(redisEntries.fence(keys(rows), Duration.ofMinutes(1)))).isEqualTo(3);
    assertThat(fill(List.of(OWN, OWN, OWN), rows).created()).as("leases from before").isZero();
    assertThat(lease(OTHER, rows)).as("leases since").containsExactly(NONE, NONE, NONE);
    fill(List.of(NONE, NONE, NONE), rows);
    for (String id : rows) {
      apply(id, row(id, 9));
    }
    assertThat(read(rows)).noneMatch(entry -> entry != null && entries.isOurs(entry));
    assertThat(life("a")).isBetween(1L, 60_000L);
    assertThat(fill(List.of(OWN), "c").created()).as("another row").isEqualTo(1);
    for (String id : rows) {
      assertThat(plain.pexpire(names.name(key(id)), 0)).isEqualTo(1);
    }
    assertThat(lease(OTHER, rows)).containsExactly(OTHER, OTHER, OTHER);
    assertThat(fill(List.of(OTHER, OTHER, OTHER), rows).created()).isEqualTo(3);
  }

  /** A call is divided into several scripts, whose answers are by position. */
  @ParameterizedTest
  @EnumSource
  void eachOfManyRowsHasItsOwnAnswer(EntryFormat format) {
    open(format);
    String[] rows = new String[700];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = "row" + i;
    }
    lease(OTHER, rows[3], rows[503]);
    lease(OLD, rows[300], rows[699]);
    fill(List.of(OLD, OLD), rows[300], rows[699]);
    List<byte[]> leases = lease(OWN, rows);
    List<byte[]> expected = new ArrayList<>(Collections.nCopies(rows.length, OWN));
    expected.set(3, OTHER);
    expected.set(503, OTHER);
    expected.set(300, NONE);
    expected.set(699, NONE);
    assertThat(leases).containsExactlyElementsOf(expected);
    assertThat(fill(leases, rows).created()).isEqualTo(rows.length - 2);
    List<byte[]> all = List.of(rows).stream().map(id -> row(id, 5)).toList();
    assertThat(read(rows)).containsExactlyElementsOf(all);
    List<byte[]> seen = new ArrayList<>(all);
    seen.set(17, row("another", 5));
    seen.set(517, row("another", 5));
    List<Boolean> removed = Users.await(redisEntries.remove(keys(rows), seen));
    List<Boolean> were = new ArrayList<>(Collections.nCopies(rows.length, true));
    were.set(17, false);
    were.set(517, false);
    assertThat(removed).isEqualTo(were);
    assertThat(read(rows[17], rows[517], rows[518]))
        .containsExactly(row(rows[17], 5), row(rows[517], 5), null);
  }

  private List<byte[]> lease(byte[] lease, String... ids) {
    return Users.await(
            redisEntries.lease(lease, redisEntries.rows(keys(ids)), Projection.all(2), soon()))
        .leases();
  }

  private EntryScripts.Reconciled fill(List<byte[]> leases, String... ids) {
    return fill(leases, List.of(ids), List.of(ids).stream().map(id -> row(id, 5)).toList());
  }

  private EntryScripts.Reconciled fill(
      List<byte[]> leases, List<String> ids, List<byte[]> entries) {
    return Users.await(
        redisEntries.fill(
            leases, redisEntries.rows(keys(ids.toArray(String[]::new))), entries, soon()));
  }

  private EntryScripts.Reconciled apply(String id, byte[] entry) {
    return Users.await(redisEntries.apply(keys(id), List.of(entry)));
  }

  private List<byte[]> read(String... ids) {
    return Users.await(redisEntries.read(keys(ids)));
  }

  private void age(String id, long left) {
    assertThat(plain.pexpire(names.name(key(id)), left)).isEqualTo(1);
  }

  /**
   * Returns the remaining life of a key in milliseconds; -1 if it does not expire, -2 if it does
   * not exist.
   */
  private long life(String id) {
    return plain.pttl(names.name(key(id)));
  }

  private byte[] row(String country, long version) {
    return entries.encode(Row.of(country, 1), version, Put.NEVER);
  }

  private static List<byte[]> keys(String... ids) {
    return List.of(ids).stream().map(RedisLeasesIT::key).toList();
  }

  private static byte[] key(String id) {
    return Utf8.encode(id);
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(30));
  }
}
