// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.entry;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.EpochTags;
import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.hbaseredis.internal.common.Meter;
import io.dimstore.hbaseredis.internal.encoding.EntryCodec;
import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.encoding.Utf8;
import io.dimstore.hbaseredis.internal.options.HBaseRedisOptions;
import io.dimstore.hbaseredis.internal.redis.RedisServers;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption;
import io.dimstore.spi.Versions;
import io.dimstore.spi.support.Deadline;
import io.dimstore.stack.LocalStackExtension;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.hbase.util.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.ClientKillParams;
import redis.clients.jedis.params.SetParams;

/** The scripts on a real server: version checks, leases and the age of entries. */
class RedisEntriesIT {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("redis");

  private static final long MAX_AGE_MILLIS = 600_000;
  private static final byte[] LEASE = EntryCodec.lease(1, 1);
  private static final byte[] OTHER_LEASE = EntryCodec.lease(1, 2);

  private final byte[] rowKey = {'k', 0, -1};
  private RedisServers servers;
  private RedisEntries redisEntries;

  /** A lease time so short that no reader fills in time. */
  private RedisEntries hasty;

  private EntryCodec entries;
  private Jedis plain;
  private byte[] name;

  @BeforeEach
  void open() {
    String table = "copy_" + Users.unique();
    Layout layout = new Layout(Users.spec(table));
    servers = RedisServers.open(config(Map.of()), new Meter(StoreMetrics.NONE));
    entries = new EntryCodec(layout);
    redisEntries = redisEntries(layout, Map.of());
    hasty = redisEntries(layout, Map.of("lease", "40 ms"));
    plain = new Jedis(stack.redis().host(), stack.redis().port());
    name = Bytes.add(Utf8.encode("dim:" + table + ":"), rowKey);
  }

  private RedisEntries redisEntries(Layout layout, Map<String, String> options) {
    Meter meter = new Meter(StoreMetrics.NONE);
    return new RedisEntries(servers, meter, config(options), layout, entries);
  }

  private static StoreConfig config(Map<String, String> options) {
    Map<String, String> all = new HashMap<>(options);
    all.put("redis.host", stack.redis().host());
    all.put("redis.port", Integer.toString(stack.redis().port()));
    return StoreConfig.parse("store", HBaseRedisOptions.all(), StoreOption.Scope.STORE, all);
  }

  @AfterEach
  void close() {
    plain.close();
    servers.close();
  }

  @Test
  void aFillNeedsTheLeaseThatExistedBeforeHBaseWasRead() {
    assertThat(lease(LEASE)).isEqualTo(LEASE);
    assertThat(fill(OTHER_LEASE, EntryCodec.negative()).created())
        .as("a lease never seen")
        .isZero();
    assertThat(get()).as("and then the other lease is void").isNull();
    lease(LEASE);
    assertThat(fill(LEASE, row("a", 1)).created()).isEqualTo(1);
    assertThat(get()).isEqualTo(row("a", 1));
    assertThat(lease(OTHER_LEASE)).as("where an entry exists").isEmpty();
  }

  @Test
  void concurrentReadersShareALeaseAndTheNewestAnswerStays() {
    assertThat(lease(LEASE)).isEqualTo(LEASE);
    assertThat(lease(OTHER_LEASE)).as("a second reader").isEqualTo(LEASE);
    fill(LEASE, row("newer", 2));
    fill(LEASE, row("older", 1));
    assertThat(get()).isEqualTo(row("newer", 2));
    fill(LEASE, row("newest", 3));
    assertThat(get()).isEqualTo(row("newest", 3));
  }

  /** It has answered with a row newer than the one that the holder of the lease may fill. */
  @Test
  void readerWithAnInvalidatedLeaseInvalidatesTheNextOne() {
    lease(LEASE);
    apply(row("a", 1));
    lease(OTHER_LEASE);
    assertThat(fill(LEASE, row("newer", 2)).invalidated()).isEqualTo(1);
    assertThat(fill(OTHER_LEASE, row("older", 1)).created()).isZero();
    assertThat(get()).isNull();
  }

  @Test
  void aLeaseThatWasHeldTooLongMakesNoEntry() {
    lease(LEASE);
    awaitAge(60);
    assertThat(fill(hasty, LEASE, row("late", 1)).created()).isZero();
    assertThat(get()).as("and is void").isNull();
  }

  @Test
  void leaseHeldTooLongIsTakenOverByTheNextReader() {
    lease(LEASE);
    awaitAge(60);
    assertThat(lease(hasty, OTHER_LEASE)).isEqualTo(OTHER_LEASE);
    assertThat(fill(LEASE, row("late", 1)).created()).isZero();
  }

  /** HBase is read after the lease is taken, so the life of an entry counts from its lease. */
  @Test
  void theLifeOfAnEntryCountsFromTheLease() {
    lease(LEASE);
    awaitAge(60);
    assertThat(fill(LEASE, row("a", 1)).created()).isEqualTo(1);
    assertThat(plain.pttl(name)).isLessThanOrEqualTo(MAX_AGE_MILLIS - 60);
  }

  private void awaitAge(long millis) {
    HBaseShell.await("age", () -> plain.pttl(name) < MAX_AGE_MILLIS - millis);
  }

  @Test
  void aWriteInvalidatesTheLeaseOfAReaderThatReadBeforeIt() {
    lease(LEASE);
    assertThat(apply(row("new", 2)).invalidated()).isEqualTo(1);
    assertThat(fill(LEASE, row("old", 1)).created()).isZero();
    assertThat(get()).isNull();
  }

  @Test
  void aFillAfterRedisLostEverythingIsRefused() {
    lease(LEASE);
    plain.del(name);
    assertThat(fill(LEASE, row("old", 1)).created()).isZero();
    assertThat(get()).isNull();
  }

  @Test
  void aWriteMakesNoEntryWhereThereIsNone() {
    assertThat(apply(row("a", 1)).healed()).isZero();
    assertThat(get()).isNull();
  }

  @Test
  void aNewerWriteReplacesAndAnOlderOneDoesNot() {
    put(row("b", 2));
    assertThat(apply(row("c", 3)).healed()).isEqualTo(1);
    assertThat(get()).isEqualTo(row("c", 3));
    assertThat(apply(row("late", 2)).healed()).isZero();
    assertThat(get()).isEqualTo(row("c", 3));
    apply(EntryCodec.tombstone(4));
    apply(row("late", 3));
    assertThat(get()).isEqualTo(EntryCodec.tombstone(4));
  }

  @Test
  void versionsAreComparedAsWholeNumbersToTheLargest() {
    long large = 1L << 53;
    put(row("a", large));
    apply(row("b", large + 1));
    assertThat(get()).isEqualTo(row("b", large + 1));
    apply(row("c", large));
    assertThat(get()).isEqualTo(row("b", large + 1));
    apply(row("d", Versions.MAX));
    assertThat(get()).isEqualTo(row("d", Versions.MAX));
    apply(row("e", 0x1_0000_0000L));
    assertThat(get()).isEqualTo(row("d", Versions.MAX));
  }

  @Test
  void hbaseDecidesBetweenWritesOfEqualVersion() {
    put(row("a", 2));
    assertThat(apply(row("a", 2)).healed()).as("the same row").isZero();
    assertThat(get()).isEqualTo(row("a", 2));
    assertThat(apply(row("b", 2)).healed()).isEqualTo(1);
    assertThat(get()).isNull();
  }

  @Test
  void negativeEntryIsRemovedByAnyWrite() {
    put(EntryCodec.negative());
    apply(row("a", 0));
    assertThat(get()).isNull();
  }

  @Test
  void invalidEntryIsRemovedByAnyWrite() {
    put(new byte[] {1, 'P'});
    apply(row("a", 0));
    assertThat(get()).isNull();
    put(new byte[0]);
    apply(row("a", 0));
    assertThat(get()).isNull();
  }

  @Test
  void aWriteDoesNotProlongTheLifeOfAnEntry() {
    plain.set(name, tagged(row("a", 1)), SetParams.setParams().px(30_000));
    apply(row("b", 2));
    assertThat(plain.pttl(name)).isBetween(1L, 30_000L);
    lease(LEASE);
    plain.del(name);
    lease(LEASE);
    fill(LEASE, row("c", 3));
    assertThat(plain.pttl(name)).as("max-age, 10 min").isBetween(500_000L, 600_000L);
  }

  @Test
  void scriptsThatServerNoLongerHasAreSentAgain() {
    put(row("a", 1));
    apply(row("b", 2));
    plain.scriptFlush();
    assertThat(apply(row("c", 3)).healed()).isEqualTo(1);
    plain.scriptFlush();
    assertThat(lease(LEASE)).isEmpty();
  }

  @Test
  void connectionThatServerClosedIsReopened() {
    put(row("a", 1));
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 8; i++) {
        assertThat(Users.await(redisEntries.read(List.of(rowKey))).get(0)).isEqualTo(row("a", 1));
      }
      plain.clientKill(ClientKillParams.clientKillParams().skipMe(ClientKillParams.SkipMe.YES));
    }
  }

  private byte[] lease(byte[] lease) {
    return lease(redisEntries, lease);
  }

  private byte[] lease(RedisEntries reader, byte[] lease) {
    return Users.await(reader.lease(lease, reader.rows(List.of(rowKey)), Projection.all(2), soon()))
        .leases()
        .get(0);
  }

  private EntryScripts.Reconciled fill(byte[] lease, byte[] entry) {
    return fill(redisEntries, lease, entry);
  }

  private EntryScripts.Reconciled fill(RedisEntries reader, byte[] lease, byte[] entry) {
    return Users.await(
        reader.fill(List.of(lease), reader.rows(List.of(rowKey)), List.of(entry), soon()));
  }

  private EntryScripts.Reconciled apply(byte[] entry) {
    return Users.await(redisEntries.apply(List.of(rowKey), List.of(entry)));
  }

  private void put(byte[] entry) {
    plain.set(name, tagged(entry));
  }

  private byte[] tagged(byte[] entry) {
    return EpochTags.tagged(plain, entry);
  }

  private byte[] get() {
    byte[] tagged = plain.get(name);
    return tagged == null ? null : Arrays.copyOf(tagged, tagged.length - 8);
  }

  private byte[] row(String country, long version) {
    return entries.encode(Row.of(country, 1), version, Put.NEVER);
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(30));
  }
}
