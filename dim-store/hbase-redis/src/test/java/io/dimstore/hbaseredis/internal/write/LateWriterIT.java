// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.hbaseredis.fixture.HBaseRedisHarness;
import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.hbaseredis.fixture.Retries;
import io.dimstore.hbaseredis.fixture.ScriptHolds;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.hbaseredis.internal.breaker.Breaker;
import io.dimstore.hbaseredis.internal.common.Background;
import io.dimstore.hbaseredis.internal.common.Meter;
import io.dimstore.hbaseredis.internal.encoding.ChangeEncoder;
import io.dimstore.hbaseredis.internal.encoding.EntryCodec;
import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.encoding.StateCell;
import io.dimstore.hbaseredis.internal.encoding.Utf8;
import io.dimstore.hbaseredis.internal.entry.RedisEntries;
import io.dimstore.hbaseredis.internal.hbase.HBaseClient;
import io.dimstore.hbaseredis.internal.hbase.HBaseRows;
import io.dimstore.hbaseredis.internal.hbase.WriteIntent;
import io.dimstore.hbaseredis.internal.hbase.WriteIntents;
import io.dimstore.hbaseredis.internal.options.HBaseRedisOptions;
import io.dimstore.hbaseredis.internal.redis.RedisServers;
import io.dimstore.hbaseredis.internal.repair.Reconciler;
import io.dimstore.hbaseredis.internal.repair.Repairer;
import io.dimstore.hbaseredis.internal.script.Scripts;
import io.dimstore.hbaseredis.internal.table.TableAdmin;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption;
import io.dimstore.spi.support.Deadline;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.relay.Hold;
import io.dimstore.stack.relay.Relay;
import io.dimstore.stack.relay.RelayGate;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.Admin;
import org.apache.hadoop.hbase.client.Get;
import org.apache.hadoop.hbase.client.Put;
import org.apache.hadoop.hbase.client.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A writer that was paused for long, while a repairer reconciled and removed its write intent. */
class LateWriterIT {

  private static final byte[] START = {};

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with("hbase", "redis");

  private final Meter meter = new Meter(StoreMetrics.NONE);
  private HBaseRedisHarness servers;
  private Users users;
  private HBaseClient client;
  private RedisServers redis;
  private WriteIntents intents;

  @BeforeEach
  void open() {
    servers = new HBaseRedisHarness(stack.hbase(), stack.redis());
    users = Users.open(servers, Map.of("repair-interval", "1 h")).created();
    client = new HBaseClient(config());
    redis = RedisServers.open(config(), meter);
    intents = intents(Duration.ofHours(1));
  }

  @AfterEach
  void close() {
    client.close();
    redis.close();
    users.close();
  }

  private StoreConfig config() {
    return config(servers.options());
  }

  private static StoreConfig config(Map<String, String> options) {
    return StoreConfig.parse("store", HBaseRedisOptions.all(), StoreOption.Scope.STORE, options);
  }

  private WriteIntents intents(Duration grace) {
    return new WriteIntents(
        client, meter, Retries.TIMER, TableName.valueOf("dimstore_intents"), grace);
  }

  private List<WriteIntent> found(WriteIntents reader) {
    return Users.await(reader.after(users.spec().name(), START, 10));
  }

  @Test
  void intentThatEndsAfterItsRemovalIsWrittenAgain() {
    byte[] row = Utf8.encode("a");
    WriteIntent intent = Users.await(intents.create(users.spec().name(), List.of(row)));
    Users.await(intents.remove(intent));
    assertThat(found(intents)).isEmpty();
    Users.await(intents.recordEnd(intent));
    assertThat(found(intents)).hasSize(1);
    assertThat(found(intents).get(0).ended()).isTrue();
    assertThat(found(intents).get(0).rowKeys()).hasSize(1).first().isEqualTo(row);
  }

  /** A repairer with a short deadline does not remove the intent of a writer with a long one. */
  @Test
  void intentStaysForTheGraceTimeOfItsWriter() {
    Users.await(intents.create(users.spec().name(), List.of(Utf8.encode("a"))));
    WriteIntents hasty = intents(Duration.ofMillis(-1));
    assertThat(found(hasty)).extracting(WriteIntent::isOver).containsExactly(false);
    Users.await(hasty.create(users.spec().name(), List.of(Utf8.encode("b"))));
    assertThat(found(intents)).extracting(WriteIntent::isOver).containsExactly(false, true);
  }

  /**
   * The writer died before it sent the delete markers: dimstore sees the delete, the stock
   * connector does not yet.
   */
  @Test
  void repairSendsDeleteMarkersOfWriterThatDied() throws Exception {
    users.write(Users.user("a", "NL", 1, 1));
    byte[] row = Utf8.encode("a");
    byte[] state = new StateCell.Deleted(System.currentTimeMillis()).encode();
    try (HBaseShell shell = new HBaseShell(stack.hbase());
        Table table = shell.table(users.spec().name())) {
      table.put(new Put(row).addColumn(Utf8.encode("s"), StateCell.QUALIFIER, 2, state));
      Users.await(intents(Duration.ofMillis(-1)).create(users.spec().name(), List.of(row)));
      Get stock = new Get(row).addFamily(Utf8.encode("f"));
      assertThat(table.get(stock).isEmpty()).isFalse();
      assertThat(users.repair().examined()).isEqualTo(1);
      assertThat(table.get(stock).isEmpty()).isTrue();
    }
    assertThat(users.get("a")).isNull();
  }

  /**
   * When Redis is back, reads must not find entries that lack a write in flight, which may still
   * fail.
   */
  @Test
  void recoveryReconcilesIntentsInFlightAndKeepsThem() {
    users.write(Users.user("a", "NL", 1, 1));
    users.warm("a");
    HBaseShell.await("no write intent left", () -> found(intents).isEmpty());
    io.dimstore.spi.Put newer = Users.user("a", "BE", 2, 2);
    try (Users away = Users.open(servers, Map.of("redis.port", "1"), users.spec())) {
      away.write(newer);
    }
    HBaseShell.await(
        "its write intent", () -> found(intents).stream().anyMatch(WriteIntent::ended));
    Users.await(intents.remove(found(intents).get(0)));
    Users.await(intents.create(users.spec().name(), List.of(Utf8.encode("a"))));
    Repairer repairer = repairer(redis, intents);
    Deadline soon = Deadline.after(Duration.ofSeconds(30));
    assertThat(Users.await(repairer.repair(100, soon)).examined()).isZero();
    assertThat(users.get("a")).as("bounded by max-age").isEqualTo(Users.user("a", "NL", 1, 1));
    // As after an outage of Redis.
    redis.breakers().forEach(Breaker::requireReconciliation);
    Users.await(repairer.recover());
    assertThat(users.get("a")).isEqualTo(newer);
    assertThat(found(intents)).extracting(WriteIntent::ended).containsExactly(false);
  }

  @Test
  void manyIntentsAreCountedAndAllReconciled() {
    WriteIntents over = intents(Duration.ofMillis(-1));
    List<CompletableFuture<WriteIntent>> set = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      set.add(over.create(users.spec().name(), List.of(Utf8.encode("k" + i))));
    }
    set.forEach(Users::await);
    assertThat(users.backlog().keys()).isEqualTo(150);
    assertThat(users.repair().examined()).isEqualTo(150);
    assertThat(users.backlog().keys()).isZero();
  }

  /** Otherwise a repair or a recovery would not end while others write. */
  @Test
  void passEndsAtItsCutoffHoweverManyIntentsAreAdded() {
    WriteIntents over = intents(Duration.ofMillis(-1));
    addIntents(over, 100);
    AtomicInteger updates = new AtomicInteger();
    Hold more =
        (piece, length) -> {
          String text = new String(piece, 0, length, StandardCharsets.ISO_8859_1);
          if (ScriptHolds.isCallOf(Scripts.RECONCILE, text) && updates.incrementAndGet() < 30) {
            addIntents(over, 70);
          }
          return 0;
        };
    Map<String, String> options = new HashMap<>(servers.options());
    try (Relay relay = Relay.to(stack.redis().port(), more, Hold.NONE)) {
      options.put("redis.port", Integer.toString(relay.port()));
      options.put("redis.timeout", "20 s");
      RedisServers held = RedisServers.open(config(options), meter);
      Deadline soon = Deadline.after(Duration.ofSeconds(50));
      assertThat(Users.await(repairer(held, over).repair(1_000_000, soon)).examined())
          .isEqualTo(100);
      assertThat(updates).hasPositiveValue();
      held.close();
    }
  }

  private void addIntents(WriteIntents intents, int number) {
    List<CompletableFuture<WriteIntent>> set = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      set.add(intents.create(users.spec().name(), List.of(Utf8.encode("k" + i))));
    }
    set.forEach(Users::await);
  }

  private Repairer repairer(RedisServers servers, WriteIntents intents) {
    Layout layout = new Layout(users.spec());
    EntryCodec entries = new EntryCodec(layout);
    HBaseRows hbaseRows = new HBaseRows(client, meter, layout);
    RedisEntries redisEntries = new RedisEntries(servers, meter, config(), layout, entries);
    return new Repairer(
        layout,
        new Reconciler(
            layout, hbaseRows, redisEntries, entries, intents, meter, InstantSource.system()),
        redisEntries,
        intents,
        new TableAdmin(client, meter, Retries.TIMER, intents.table()),
        meter,
        Duration.ofMinutes(10));
  }

  /**
   * The writer was paused while HBase applied the batch, and a repairer removed its intent before
   * that. If the writer ends now, only a new intent records the pending write.
   */
  @Test
  void writeThatEndsAfterItsDeadlineRenewsItsIntentBeforeRedisIsUpdated() throws Exception {
    users.write(Users.user("a", "NL", 1, 1));
    users.warm("a");
    HBaseShell.await("no write intent left", () -> found(intents).isEmpty());
    Map<String, String> options = new HashMap<>(servers.options());
    try (RelayGate gate = ScriptHolds.gate(Scripts.RECONCILE, users.spec().name() + ":a");
        Relay relay = Relay.to(stack.redis().port(), gate, Hold.NONE);
        HBaseShell shell = new HBaseShell(stack.hbase());
        Admin admin = shell.admin()) {
      options.put("redis.port", Integer.toString(relay.port()));
      options.put("redis.timeout", "100 s");
      RedisServers held = RedisServers.open(config(options), meter);
      byte[] region =
          admin.getRegions(TableName.valueOf(users.spec().name())).get(0).getRegionName();
      admin.unassign(region);
      Deadline deadline = Deadline.after(Duration.ofSeconds(6));
      CompletableFuture<Void> late =
          writer(held).write(List.of(Users.user("a", "BE", 2, 2)), deadline).toCompletableFuture();
      HBaseShell.await("its write intent", () -> found(intents).size() == 1);
      HBaseShell.await("the end of its deadline", deadline::isOver);
      Users.await(intents.remove(found(intents).get(0)));
      admin.assign(region);
      gate.awaitHeld();
      assertThat(found(intents)).extracting(WriteIntent::ended).containsExactly(true);
      gate.open();
      Users.await(late);
      assertThat(users.get("a")).isEqualTo(Users.user("a", "BE", 2, 2));
      HBaseShell.await("no write intent left", () -> found(intents).isEmpty());
      held.close();
    }
  }

  @Test
  void batchIsNotSentAfterItsDeadline() {
    var late =
        writer(redis)
            .write(List.of(Users.user("a", "NL", 1, 1)), Deadline.after(Duration.ZERO))
            .toCompletableFuture();
    assertThatThrownBy(late::join)
        .satisfies(
            failure ->
                assertThat(StoreException.find(failure))
                    .extracting(StoreException::kind)
                    .isEqualTo(Kind.TIMEOUT));
    assertThat(found(intents)).extracting(WriteIntent::ended).containsExactly(false);
    assertThat(users.get("a")).isNull();
  }

  private DualWrite writer(RedisServers servers) {
    Layout layout = new Layout(users.spec());
    EntryCodec entries = new EntryCodec(layout);
    return new DualWrite(
        layout,
        new ChangeEncoder(users.spec(), layout, entries),
        new CellLimit(0),
        new HBaseRows(client, meter, layout),
        new RedisEntries(servers, meter, config(), layout, entries),
        intents,
        new Background(),
        meter,
        InstantSource.system());
  }
}
