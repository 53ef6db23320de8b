// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.dimstore.hbaseredis.fixture.EpochTags;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.hbaseredis.internal.breaker.Breaker;
import io.dimstore.hbaseredis.internal.common.Meter;
import io.dimstore.hbaseredis.internal.encoding.EntryCodec;
import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.encoding.RowState;
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
import io.dimstore.spi.Versions;
import io.dimstore.spi.support.Deadline;
import io.dimstore.stack.LocalStackExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Jedis;

/**
 * The scripts on a real server, with entries of every format and with values that are not valid
 * entries.
 */
class RedisFormatsIT {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("redis");

  private static final byte[] LEASE = EntryCodec.lease(1, 1);
  private static final byte[] OTHER_LEASE = EntryCodec.lease(1, 2);

  private final byte[] rowKey = {'k', 0, -1};
  private RedisServers servers;
  private RedisEntries redisEntries;
  private EntryCodec entries;
  private Jedis plain;
  private byte[] name;

  private void open(EntryFormat format) {
    String table = "formats_" + Users.unique();
    TableSpec spec =
        new TableSpec(
            table,
            Users.spec(table).columns(),
            List.of("id"),
            Map.of("redis.format", format.name(), "redis.key", "users/{table}:{key}"));
    Layout layout = new Layout(spec);
    StoreConfig config =
        StoreConfig.parse(
            "store",
            HBaseRedisOptions.all(),
            StoreOption.Scope.STORE,
            Map.of(
                "redis.host",
                stack.redis().host(),
                "redis.port",
                Integer.toString(stack.redis().port())));
    Meter meter = new Meter(StoreMetrics.NONE);
    servers = RedisServers.open(config, meter);
    entries = new EntryCodec(layout);
    redisEntries = new RedisEntries(servers, meter, config, layout, entries);
    plain = new Jedis(stack.redis().host(), stack.redis().port());
    name = layout.redisNames("dim").name(rowKey);
  }

  @AfterEach
  void close() {
    plain.close();
    servers.close();
  }

  @ParameterizedTest
  @EnumSource
  void aFillNeedsALeaseThatNoWriteHasInvalidated(EntryFormat format) {
    open(format);
    assertThat(lease(LEASE)).isEqualTo(LEASE);
    assertThat(lease(OTHER_LEASE)).as("shared").isEqualTo(LEASE);
    assertThat(isNoAnswer(read())).as("a lease is not an answer").isTrue();
    assertThat(fill(LEASE, row("a", 1)).created()).isEqualTo(1);
    assertThat(read()).isEqualTo(row("a", 1));
    assertThat(lease(OTHER_LEASE)).as("where an entry exists").isEmpty();
    assertThat(plain.pttl(name)).as("max-age, 10 min").isBetween(500_000L, 600_000L);
    plain.del(name);
    lease(LEASE);
    assertThat(apply(row("b", 2)).invalidated()).isEqualTo(1);
    assertThat(fill(LEASE, row("a", 1)).created()).isZero();
    assertThat(plain.exists(name)).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void onlyNewerWriteReplacesEntryAndKeepsItsExpiry(EntryFormat format) {
    open(format);
    make(row("b", 2));
    plain.pexpire(name, 30_000);
    assertThat(apply(row("c", 3)).healed()).isEqualTo(1);
    assertThat(read()).isEqualTo(row("c", 3));
    assertThat(apply(row("late", 2)).healed()).isZero();
    assertThat(apply(row("c", 3)).healed()).as("the same").isZero();
    assertThat(read()).isEqualTo(row("c", 3));
    assertThat(plain.pttl(name)).isBetween(1L, 30_000L);
    apply(EntryCodec.tombstone(4));
    apply(row("late", 3));
    assertThat(read()).isEqualTo(EntryCodec.tombstone(4));
    apply(row(null, 5));
    assertThat(read()).as("no field of the old entry remains").isEqualTo(row(null, 5));
    assertThat(apply(row("other", 5)).healed()).as("same version, other row").isEqualTo(1);
    assertThat(plain.exists(name)).isFalse();
    assertThat(apply(row("a", 9)).created()).as("a write makes none").isZero();
    assertThat(plain.exists(name)).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void versionsAreComparedAsWholeNumbersToTheLargest(EntryFormat format) {
    open(format);
    long large = 1L << 53;
    make(row("zero", 0));
    long[] rising = {1, 999_999_999, 1_000_000_000, 1_000_000_001, large, large + 1, Versions.MAX};
    for (long version : rising) {
      apply(row("v", version));
      assertThat(read()).isEqualTo(row("v", version));
      apply(row("late", version - 1));
      assertThat(read()).as("after an older one").isEqualTo(row("v", version));
    }
  }

  @ParameterizedTest
  @EnumSource
  void negativeEntryIsRemovedByAnyWrite(EntryFormat format) {
    open(format);
    make(EntryCodec.negative());
    assertThat(read()).isEqualTo(EntryCodec.negative());
    apply(row("a", 0));
    assertThat(plain.exists(name)).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void entryIsRemovedOnlyIfUnchanged(EntryFormat format) {
    open(format);
    make(row("a", 1));
    assertThat(remove(row("b", 1))).isFalse();
    assertThat(remove(row("a", 1))).isTrue();
    assertThat(plain.exists(name)).isFalse();
    assertThat(remove(row("a", 1))).isFalse();
  }

  /**
   * A key of another type or format must not fail the others of its batch, nor open the breaker.
   */
  @ParameterizedTest
  @EnumSource
  void invalidEntryIsNoAnswerAndIsReplaced(EntryFormat format) {
    open(format);
    List<Runnable> withoutEpoch =
        List.of(
            () -> plain.lpush(name, Utf8.encode("x")),
            () -> plain.sadd(name, Utf8.encode("x")),
            () -> plain.zadd(name, 1, Utf8.encode("x")),
            () -> plain.hset(name, Utf8.encode("f"), Utf8.encode("x")),
            () -> plain.hset(name, Utf8.encode("__dim_v"), Utf8.encode("1.5")),
            () -> plain.set(name, Utf8.encode("")),
            () -> plain.set(name, Utf8.encode("x")),
            () -> plain.set(name, Utf8.encode("{}")),
            () -> plain.set(name, Utf8.encode("{\"__dim_v\":1")),
            () -> plain.set(name, new byte[] {1, 'P'}));
    for (Runnable stranger : withoutEpoch) {
      assertReplaced(stranger);
      stranger.run();
      assertThat(lease(LEASE)).as("a lease replaces it").isEqualTo(LEASE);
      plain.del(name);
    }
    List<Runnable> tagged = new ArrayList<>();
    for (String text : List.of("", "x", "{}", "{\"__dim_v\":1.5}", "{\"__dim_v\":1x}", "[1]")) {
      tagged.add(() -> plain.set(name, EpochTags.tagged(plain, Utf8.encode(text))));
    }
    tagged.add(() -> plain.set(name, EpochTags.tagged(plain, new byte[] {1, 'P'})));
    for (String version : List.of("", "x", "1.5")) {
      tagged.add(() -> hash("__dim_v", version, "__dim_e", EpochTags.hex(plain)));
    }
    tagged.add(() -> hash("level", "7", "__dim_e", EpochTags.hex(plain)));
    tagged.forEach(this::assertReplaced);
    assertThat(servers.breakers())
        .extracting(Breaker::state, Breaker::openings)
        .containsExactly(tuple(Breaker.State.CLOSED, 0));
  }

  private void assertReplaced(Runnable stranger) {
    stranger.run();
    assertThat(isNoAnswer(read())).isTrue();
    fill(new byte[0], row("a", 7));
    assertThat(plain.exists(name)).as("a reader has removed it").isFalse();
    stranger.run();
    apply(row("a", 7));
    assertThat(plain.exists(name)).as("a writer has removed it").isFalse();
  }

  private void hash(String... fields) {
    for (int i = 0; i < fields.length; i += 2) {
      plain.hset(name, Utf8.encode(fields[i]), Utf8.encode(fields[i + 1]));
    }
  }

  /** Entries from before a promotion, or from before a restart from disk. */
  @ParameterizedTest
  @EnumSource
  void entryOfAnotherEpochIsNoAnswerAndIsReplaced(EntryFormat format) {
    open(format);
    for (byte[] entry :
        List.of(row("old", 9), EntryCodec.tombstone(9), EntryCodec.negative(), LEASE)) {
      for (Runnable script :
          List.<Runnable>of(
              () -> assertThat(lease(OTHER_LEASE)).isEqualTo(OTHER_LEASE),
              () -> assertThat(fill(LEASE, row("b", 8)).created()).isZero(),
              () -> assertThat(apply(row("b", 10)).healed()).isZero(),
              () -> assertThat(remove(entry)).isFalse())) {
        lease(LEASE);
        if (entry != LEASE) {
          assertThat(fill(LEASE, entry).created()).isEqualTo(1);
        }
        boolean unseen = format == EntryFormat.HASH && entry == LEASE;
        assertThat(read()).as("of this epoch").isEqualTo(unseen ? null : entry);
        makeOld();
        assertThat(read()).as("of another").isNull();
        assertThat(plain.exists(name)).isTrue();
        script.run();
        byte[] after = read();
        assertThat(after == null || Arrays.equals(after, OTHER_LEASE)).isTrue();
        plain.del(name);
      }
    }
  }

  /** Replaces the entry's tag by another one. */
  private void makeOld() {
    if (plain.type(name).equals("hash")) {
      assertThat(plain.hset(name, Utf8.encode("__dim_e"), Utf8.encode("0123456789abcdef")))
          .as("the field existed")
          .isZero();
      return;
    }
    byte[] value = plain.get(name);
    value[value.length - 3] ^= 1;
    plain.set(name, value);
  }

  @ParameterizedTest
  @EnumSource
  void theNamesOfEntriesAreListed(EntryFormat format) {
    open(format);
    make(row("a", 1));
    List<byte[]> found = new ArrayList<>();
    RedisEntries.Names names = Users.await(redisEntries.names(RedisEntries.Names.START, 100));
    found.addAll(names.rowKeys());
    while (!names.isLast()) {
      names = Users.await(redisEntries.names(names.cursor(), 100));
      found.addAll(names.rowKeys());
    }
    assertThat(found).containsExactly(rowKey);
  }

  private boolean isNoAnswer(byte[] entry) {
    try {
      return entry == null || entries.decode(entry, Projection.all(2)) == null;
    } catch (RuntimeException e) {
      return true;
    }
  }

  private void make(byte[] entry) {
    lease(LEASE);
    assertThat(fill(LEASE, entry).created()).isEqualTo(1);
  }

  private byte[] read() {
    byte[] entry = Users.await(redisEntries.read(List.of(rowKey))).get(0);
    Projection all = Projection.all(2);
    RowState answer =
        Users.await(redisEntries.read(redisEntries.rows(List.of(rowKey)), all, soon())).get(0);
    if (!isNoAnswer(entry)) {
      assertThat(answer).isEqualTo(entries.decode(entry, all));
    }
    return entry;
  }

  private byte[] lease(byte[] lease) {
    return Users.await(
            redisEntries.lease(
                lease, redisEntries.rows(List.of(rowKey)), Projection.all(2), soon()))
        .leases()
        .get(0);
  }

  private EntryScripts.Reconciled fill(byte[] lease, byte[] entry) {
    return Users.await(
        redisEntries.fill(
            List.of(lease), redisEntries.rows(List.of(rowKey)), List.of(entry), soon()));
  }

  private EntryScripts.Reconciled apply(byte[] entry) {
    return Users.await(redisEntries.apply(List.of(rowKey), List.of(entry)));
  }

  private boolean remove(byte[] entry) {
    return Users.await(redisEntries.remove(List.of(rowKey), List.of(entry))).get(0);
  }

  private byte[] row(String country, long version) {
    return entries.encode(Row.of(country, 1), version, Put.NEVER);
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(30));
  }
}
