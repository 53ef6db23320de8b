package io.dimstore.hbaseredis;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Deadline;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption;
import io.dimstore.spi.Versions;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.Server;
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

/** The scripts on a real server: the guard, the leases, the age of entries. */
class RedisCopyIT {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with(Server.REDIS);

  private static final long MAX_AGE_MILLIS = 600_000;
  private static final byte[] LEASE = EntryCodec.lease(1, 1);
  private static final byte[] OTHER_LEASE = EntryCodec.lease(1, 2);

  private final byte[] rowKey = {'k', 0, -1};
  private RedisServers servers;
  private RedisCopy copy;

  /** Gives a reader no time. */
  private RedisCopy hasty;

  private EntryCodec entries;
  private Jedis plain;
  private byte[] name;

  @BeforeEach
  void open() {
    String table = "copy_" + Users.unique();
    Layout layout = new Layout(Users.spec(table));
    servers = RedisServers.open(config(Map.of()), new Meter(StoreMetrics.NONE));
    entries = new EntryCodec(layout);
    copy = copy(layout, Map.of());
    hasty = copy(layout, Map.of("lease", "40 ms"));
    plain = new Jedis(stack.redis().host(), stack.redis().port());
    name = Bytes.add(Utf8.encode("dim:" + table + ":"), rowKey);
  }

  private RedisCopy copy(Layout layout, Map<String, String> options) {
    Meter meter = new Meter(StoreMetrics.NONE);
    return new RedisCopy(servers, meter, config(options), layout, entries);
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
  void aFillNeedsTheLeaseThatWasThereBeforeHBaseWasAsked() {
    assertThat(lease(LEASE)).isEqualTo(LEASE);
    assertThat(fill(OTHER_LEASE, EntryCodec.negative()).made()).as("a lease never seen").isZero();
    assertThat(get()).as("and then the other one is void").isNull();
    lease(LEASE);
    assertThat(fill(LEASE, row("a", 1)).made()).isEqualTo(1);
    assertThat(get()).isEqualTo(row("a", 1));
    assertThat(lease(OTHER_LEASE)).as("where there is an entry").isEmpty();
  }

  @Test
  void readersOfOneTimeShareALeaseAndTheNewestAnswerStays() {
    assertThat(lease(LEASE)).isEqualTo(LEASE);
    assertThat(lease(OTHER_LEASE)).as("a second reader").isEqualTo(LEASE);
    fill(LEASE, row("newer", 2));
    fill(LEASE, row("older", 1));
    assertThat(get()).isEqualTo(row("newer", 2));
    fill(LEASE, row("newest", 3));
    assertThat(get()).isEqualTo(row("newest", 3));
  }

  /** It has answered its caller with what is newer than what the holder of the lease may bring. */
  @Test
  void aReaderWhoseLeaseIsVoidVoidsTheNextOne() {
    lease(LEASE);
    apply(row("a", 1));
    lease(OTHER_LEASE);
    assertThat(fill(LEASE, row("newer", 2)).voided()).isEqualTo(1);
    assertThat(fill(OTHER_LEASE, row("older", 1)).made()).isZero();
    assertThat(get()).isNull();
  }

  @Test
  void aLeaseThatWasHeldTooLongMakesNoEntry() {
    lease(LEASE);
    awaitAge(60);
    assertThat(fill(hasty, LEASE, row("late", 1)).made()).isZero();
    assertThat(get()).as("and is void").isNull();
  }

  @Test
  void aLeaseThatWasHeldTooLongIsTheNextReaders() {
    lease(LEASE);
    awaitAge(60);
    assertThat(lease(hasty, OTHER_LEASE)).isEqualTo(OTHER_LEASE);
    assertThat(fill(LEASE, row("late", 1)).made()).isZero();
  }

  /** What HBase said can only be as old as the lease, so the life of an entry counts from there. */
  @Test
  void theLifeOfAnEntryCountsFromTheLease() {
    lease(LEASE);
    awaitAge(60);
    assertThat(fill(LEASE, row("a", 1)).made()).isEqualTo(1);
    assertThat(plain.pttl(name)).isLessThanOrEqualTo(MAX_AGE_MILLIS - 60);
  }

  private void awaitAge(long millis) {
    HBaseShell.await("age", () -> plain.pttl(name) < MAX_AGE_MILLIS - millis);
  }

  @Test
  void aWriteVoidsTheLeaseOfAReaderThatReadBeforeIt() {
    lease(LEASE);
    assertThat(apply(row("new", 2)).voided()).isEqualTo(1);
    assertThat(fill(LEASE, row("old", 1)).made()).isZero();
    assertThat(get()).isNull();
  }

  @Test
  void aFillAfterRedisLostEverythingIsRefused() {
    lease(LEASE);
    plain.del(name);
    assertThat(fill(LEASE, row("old", 1)).made()).isZero();
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
  void ofTwoWritesOfOneVersionTheTruthDecides() {
    put(row("a", 2));
    assertThat(apply(row("a", 2)).healed()).as("the same row").isZero();
    assertThat(get()).isEqualTo(row("a", 2));
    assertThat(apply(row("b", 2)).healed()).isEqualTo(1);
    assertThat(get()).isNull();
  }

  @Test
  void aNegativeEntryGivesWayToAnyWrite() {
    put(EntryCodec.negative());
    apply(row("a", 0));
    assertThat(get()).isNull();
  }

  @Test
  void bytesThatAreNoEntryGiveWayToAnyWrite() {
    put(new byte[] {1, 'P'});
    apply(row("a", 0));
    assertThat(get()).isNull();
    put(new byte[0]);
    apply(row("a", 0));
    assertThat(get()).isNull();
  }

  @Test
  void aWriteDoesNotProlongTheLifeOfAnEntry() {
    plain.psetex(name, 30_000, tagged(row("a", 1)));
    apply(row("b", 2));
    assertThat(plain.pttl(name)).isBetween(1L, 30_000L);
    lease(LEASE);
    plain.del(name);
    lease(LEASE);
    fill(LEASE, row("c", 3));
    assertThat(plain.pttl(name)).as("max-age, 10 min").isBetween(500_000L, 600_000L);
  }

  @Test
  void scriptsThatTheServerForgotAreSentAgain() {
    put(row("a", 1));
    apply(row("b", 2));
    plain.scriptFlush();
    assertThat(apply(row("c", 3)).healed()).isEqualTo(1);
    plain.scriptFlush();
    assertThat(lease(LEASE)).isEmpty();
  }

  @Test
  void aConnectionThatTheServerCutIsMadeAnew() {
    put(row("a", 1));
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 8; i++) {
        assertThat(Users.await(copy.read(List.of(rowKey))).get(0)).isEqualTo(row("a", 1));
      }
      plain.clientKill(ClientKillParams.clientKillParams().skipMe(ClientKillParams.SkipMe.YES));
    }
  }

  private byte[] lease(byte[] lease) {
    return lease(copy, lease);
  }

  private byte[] lease(RedisCopy reader, byte[] lease) {
    return Users.await(reader.lease(lease, reader.rows(List.of(rowKey)), Projection.all(2), soon()))
        .leases()
        .get(0);
  }

  private EntryScripts.Settled fill(byte[] lease, byte[] entry) {
    return fill(copy, lease, entry);
  }

  private EntryScripts.Settled fill(RedisCopy reader, byte[] lease, byte[] entry) {
    return Users.await(
        reader.fill(List.of(lease), reader.rows(List.of(rowKey)), List.of(entry), soon()));
  }

  private EntryScripts.Settled apply(byte[] entry) {
    return Users.await(copy.apply(List.of(rowKey), List.of(entry)));
  }

  private void put(byte[] entry) {
    plain.set(name, tagged(entry));
  }

  private byte[] tagged(byte[] entry) {
    return Reigns.tagged(plain, entry);
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
