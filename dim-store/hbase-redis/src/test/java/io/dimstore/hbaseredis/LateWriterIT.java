package io.dimstore.hbaseredis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.hbaseredis.Marks.Mark;
import io.dimstore.spi.Deadline;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.Server;
import io.dimstore.stack.relay.Gate;
import io.dimstore.stack.relay.Hold;
import io.dimstore.stack.relay.Relay;
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

/** What a writer that stood still for long may do with a mark that others settled meanwhile. */
class LateWriterIT {

  private static final byte[] START = {};

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with(Server.HBASE, Server.REDIS);

  private final Meter meter = new Meter(StoreMetrics.NONE);
  private HBaseRedisHarness servers;
  private Users users;
  private HBaseClient client;
  private RedisServers redis;
  private Marks marks;

  @BeforeEach
  void open() {
    servers = new HBaseRedisHarness(stack.hbase(), stack.redis());
    users = Users.open(servers, Map.of("repair-interval", "1 h")).created();
    client = new HBaseClient(config());
    redis = RedisServers.open(config(), meter);
    marks = marks(Duration.ofHours(1));
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

  private Marks marks(Duration grace) {
    return new Marks(client, meter, TableName.valueOf("dimstore_marks"), grace);
  }

  private List<Mark> found(Marks reader) {
    return Users.await(reader.after(users.spec().name(), START, 10));
  }

  @Test
  void aMarkThatIsNotedAsEndedAfterItWasRemovedStillSaysWhatIsOwed() {
    byte[] row = Utf8.encode("a");
    Mark mark = Users.await(marks.set(users.spec().name(), List.of(row)));
    Users.await(marks.remove(mark));
    assertThat(found(marks)).isEmpty();
    Users.await(marks.ended(mark));
    assertThat(found(marks)).hasSize(1);
    assertThat(found(marks).get(0).ended()).isTrue();
    assertThat(found(marks).get(0).rowKeys()).hasSize(1).first().isEqualTo(row);
  }

  /** A repairer with a short deadline does not take the mark of a writer with a long one away. */
  @Test
  void aMarkStandsForAsLongAsItsWriterMayTake() {
    Users.await(marks.set(users.spec().name(), List.of(Utf8.encode("a"))));
    Marks hasty = marks(Duration.ofMillis(-1));
    assertThat(found(hasty)).extracting(Mark::isOver).containsExactly(false);
    Users.await(hasty.set(users.spec().name(), List.of(Utf8.encode("b"))));
    assertThat(found(marks)).extracting(Mark::isOver).containsExactly(false, true);
  }

  /** The writer died between the two: we see the delete, the stock connector does not yet. */
  @Test
  void aDeleteIsHiddenFromOtherToolsByItsRepairWhereItsWriterDiedBeforeThat() throws Exception {
    users.write(Users.user("a", "NL", 1, 1));
    byte[] row = Utf8.encode("a");
    byte[] state = new StateCell.Deleted(System.currentTimeMillis()).encode();
    try (HBaseShell shell = new HBaseShell(stack.hbase());
        Table table = shell.table(users.spec().name())) {
      table.put(new Put(row).addColumn(Utf8.encode("s"), StateCell.QUALIFIER, 2, state));
      Users.await(marks(Duration.ofMillis(-1)).set(users.spec().name(), List.of(row)));
      Get stock = new Get(row).addFamily(Utf8.encode("f"));
      assertThat(table.get(stock).isEmpty()).isFalse();
      assertThat(users.repair().examined()).isEqualTo(1);
      assertThat(table.get(stock).isEmpty()).isTrue();
    }
    assertThat(users.get("a")).isNull();
  }

  /** When Redis is back, reads must not meet what a write under way is owed; it may fail yet. */
  @Test
  void marksOfWritesUnderWayAreSettledWhereAskedForAndStay() {
    users.write(Users.user("a", "NL", 1, 1));
    users.warm("a");
    HBaseShell.await("no mark left", () -> found(marks).isEmpty());
    io.dimstore.spi.Put newer = Users.user("a", "BE", 2, 2);
    try (Users away = Users.open(servers, Map.of("redis.port", "1"), users.spec())) {
      away.write(newer);
    }
    HBaseShell.await("its mark", () -> found(marks).stream().anyMatch(Mark::ended));
    Users.await(marks.remove(found(marks).get(0)));
    Users.await(marks.set(users.spec().name(), List.of(Utf8.encode("a"))));
    Repairer repairer = repairer(redis, marks);
    Deadline soon = Deadline.after(Duration.ofSeconds(30));
    assertThat(Users.await(repairer.repair(100, soon)).examined()).isZero();
    assertThat(users.get("a")).as("bounded by max-age").isEqualTo(Users.user("a", "NL", 1, 1));
    // As after a time in which Redis was not in use.
    redis.breakers().forEach(Breaker::doubt);
    Users.await(repairer.recover());
    assertThat(users.get("a")).isEqualTo(newer);
    assertThat(found(marks)).extracting(Mark::ended).containsExactly(false);
  }

  @Test
  void manyMarksAreCountedAndSettledToTheLast() {
    Marks over = marks(Duration.ofMillis(-1));
    List<CompletableFuture<Mark>> set = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      set.add(over.set(users.spec().name(), List.of(Utf8.encode("k" + i))));
    }
    set.forEach(Users::await);
    assertThat(users.backlog().keys()).isEqualTo(150);
    assertThat(users.repair().examined()).isEqualTo(150);
    assertThat(users.backlog().keys()).isZero();
  }

  /** Else a repair, or a recovery, would go on for as long as somebody writes. */
  @Test
  void aPassEndsAtItsCutHoweverManyMarksAreMadeMeanwhile() {
    Marks over = marks(Duration.ofMillis(-1));
    setMarks(over, 100);
    AtomicInteger told = new AtomicInteger();
    Hold more =
        (piece, length) -> {
          String text = new String(piece, 0, length, StandardCharsets.ISO_8859_1);
          if (ScriptHolds.isCallOf(Scripts.SETTLE, text) && told.incrementAndGet() < 30) {
            setMarks(over, 70);
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
      assertThat(told).hasPositiveValue();
      held.close();
    }
  }

  private void setMarks(Marks marks, int number) {
    List<CompletableFuture<Mark>> set = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      set.add(marks.set(users.spec().name(), List.of(Utf8.encode("k" + i))));
    }
    set.forEach(Users::await);
  }

  private Repairer repairer(RedisServers servers, Marks marks) {
    Layout layout = new Layout(users.spec());
    EntryCodec entries = new EntryCodec(layout);
    Truth truth = new Truth(client, meter, layout);
    RedisCopy copy = new RedisCopy(servers, meter, config(), layout, entries);
    return new Repairer(
        layout,
        new Reconciler(layout, truth, copy, entries, marks, meter, InstantSource.system()),
        copy,
        marks,
        new TableAdmin(client, meter, marks.table()),
        meter,
        Duration.ofMinutes(10));
  }

  /**
   * It stood still while HBase had the batch, and the repairer took its mark away before HBase was
   * done: should it end now, only a mark made anew says what Redis is owed.
   */
  @Test
  void whatHBaseHasWhenTheDeadlineIsOverIsMarkedAnewBeforeRedisIsTold() throws Exception {
    users.write(Users.user("a", "NL", 1, 1));
    users.warm("a");
    HBaseShell.await("no mark left", () -> found(marks).isEmpty());
    Map<String, String> options = new HashMap<>(servers.options());
    try (Gate gate = ScriptHolds.gate(Scripts.SETTLE, users.spec().name() + ":a");
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
      HBaseShell.await("its mark", () -> found(marks).size() == 1);
      HBaseShell.await("the end of its deadline", deadline::isOver);
      Users.await(marks.remove(found(marks).get(0)));
      admin.assign(region);
      gate.awaitHeld();
      assertThat(found(marks)).extracting(Mark::ended).containsExactly(true);
      gate.open();
      Users.await(late);
      assertThat(users.get("a")).isEqualTo(Users.user("a", "BE", 2, 2));
      HBaseShell.await("no mark left", () -> found(marks).isEmpty());
      held.close();
    }
  }

  @Test
  void whatHasNotBeenSentWhenTheDeadlineIsOverIsNotSent() {
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
    assertThat(found(marks)).extracting(Mark::ended).containsExactly(false);
    assertThat(users.get("a")).isNull();
  }

  private DualWrite writer(RedisServers servers) {
    Layout layout = new Layout(users.spec());
    EntryCodec entries = new EntryCodec(layout);
    return new DualWrite(
        layout,
        new ChangeEncoder(users.spec(), layout, entries),
        new Truth(client, meter, layout),
        new RedisCopy(servers, meter, config(), layout, entries),
        marks,
        new Background(),
        meter,
        InstantSource.system());
  }
}
