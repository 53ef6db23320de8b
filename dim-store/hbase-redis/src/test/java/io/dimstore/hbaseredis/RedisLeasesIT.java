package io.dimstore.hbaseredis;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Deadline;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.Server;
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
 * format. A key is made to look older than it is by taking from its life.
 */
class RedisLeasesIT {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with(Server.REDIS);

  private static final long MAX_AGE_MILLIS = 600_000;

  /** What is left of the life of a lease that was held for longer than one may be. */
  private static final long OLD_MILLIS = MAX_AGE_MILLIS - 200_000;

  private static final byte[] OWN = EntryCodec.lease(1, 1);
  private static final byte[] OTHER = EntryCodec.lease(2, 1);
  private static final byte[] OLD = EntryCodec.lease(3, 1);
  private static final byte[] NONE = {};

  private RedisServers servers;
  private RedisCopy copy;
  private EntryCodec entries;
  private RedisNames names;
  private Jedis plain;

  private void open(RedisFormat format) {
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
    copy = new RedisCopy(servers, meter, config, layout, entries);
    names = layout.redisNames("dim");
    plain = new Jedis(stack.redis().host(), stack.redis().port());
  }

  @AfterEach
  void close() {
    plain.close();
    servers.close();
  }

  /** What HBase said can only be as old as the lease. */
  @ParameterizedTest
  @EnumSource
  void theLifeOfAnEntryCountsFromTheLease(RedisFormat format) {
    open(format);
    lease(OWN, "a");
    age("a", MAX_AGE_MILLIS - 50_000);
    assertThat(fill(List.of(OWN), "a").made()).isEqualTo(1);
    assertThat(life("a")).isBetween(1L, MAX_AGE_MILLIS - 50_000);
  }

  @ParameterizedTest
  @EnumSource
  void aLeaseThatWasHeldTooLongMakesNoEntryAndIsTheNextReaders(RedisFormat format) {
    open(format);
    lease(OLD, "a");
    age("a", OLD_MILLIS);
    assertThat(fill(List.of(OLD), "a").made()).isZero();
    assertThat(life("a")).as("no such key").isEqualTo(-2);
    lease(OLD, "a");
    age("a", OLD_MILLIS);
    assertThat(lease(OWN, "a")).containsExactly(OWN);
    assertThat(life("a")).as("from its reader on").isBetween(OLD_MILLIS + 1, MAX_AGE_MILLIS);
    assertThat(fill(List.of(OLD), "a").made()).isZero();
  }

  /** An answer that comes second does not make the first one live longer, nor for ever. */
  @ParameterizedTest
  @EnumSource
  void aFillThatFindsAnEntryDoesNotProlongItsLife(RedisFormat format) {
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

  /** For readers, who may have another layout; only a writer has the next reader settle it. */
  @ParameterizedTest
  @EnumSource
  void anEntryOfOneVersionIsLeftByReadersAndRemovedByWritersWhicheverCameFirst(RedisFormat format) {
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

  /** Of one request: leases of its own, of others, too old, void, none, and keys that are none. */
  @ParameterizedTest
  @EnumSource
  void everyRowOfAFillIsHeldToItsOwnLease(RedisFormat format) {
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
      List<byte[]> told = rows.stream().map(id -> row(id, 5)).toList();
      EntryScripts.Settled settled = fill(leases, rows, told);
      assertThat(settled.made()).as("own1, own2, other").isEqualTo(3);
      assertThat(settled.voided()).as("old1, old2, foreign").isEqualTo(3);
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

  /** Scripts take them in parts, and answer by position. */
  @ParameterizedTest
  @EnumSource
  void eachOfManyRowsHasItsOwnAnswer(RedisFormat format) {
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
    assertThat(fill(leases, rows).made()).isEqualTo(rows.length - 2);
    List<byte[]> all = List.of(rows).stream().map(id -> row(id, 5)).toList();
    assertThat(read(rows)).containsExactlyElementsOf(all);
    List<byte[]> seen = new ArrayList<>(all);
    seen.set(17, row("another", 5));
    seen.set(517, row("another", 5));
    List<Boolean> removed = Users.await(copy.remove(keys(rows), seen));
    List<Boolean> were = new ArrayList<>(Collections.nCopies(rows.length, true));
    were.set(17, false);
    were.set(517, false);
    assertThat(removed).isEqualTo(were);
    assertThat(read(rows[17], rows[517], rows[518]))
        .containsExactly(row(rows[17], 5), row(rows[517], 5), null);
  }

  private List<byte[]> lease(byte[] lease, String... ids) {
    return Users.await(copy.lease(lease, copy.rows(keys(ids)), Projection.all(2), soon())).leases();
  }

  private EntryScripts.Settled fill(List<byte[]> leases, String... ids) {
    return fill(leases, List.of(ids), List.of(ids).stream().map(id -> row(id, 5)).toList());
  }

  private EntryScripts.Settled fill(List<byte[]> leases, List<String> ids, List<byte[]> told) {
    return Users.await(
        copy.fill(leases, copy.rows(keys(ids.toArray(String[]::new))), told, soon()));
  }

  private EntryScripts.Settled apply(String id, byte[] entry) {
    return Users.await(copy.apply(keys(id), List.of(entry)));
  }

  private List<byte[]> read(String... ids) {
    return Users.await(copy.read(keys(ids)));
  }

  private void age(String id, long left) {
    assertThat(plain.pexpire(names.name(key(id)), left)).isEqualTo(1);
  }

  /** Milliseconds; -1 for ever, -2 where there is none. */
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
