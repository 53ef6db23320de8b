// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.hbaseredis.fixture.FaultOperation;
import io.dimstore.hbaseredis.fixture.FaultTrial;
import io.dimstore.hbaseredis.fixture.HBaseRedisHarness;
import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.hbaseredis.fixture.Retries;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.hbaseredis.internal.HBaseRedisStore;
import io.dimstore.hbaseredis.internal.common.Meter;
import io.dimstore.hbaseredis.internal.encoding.StateCell;
import io.dimstore.hbaseredis.internal.encoding.Utf8;
import io.dimstore.hbaseredis.internal.hbase.HBaseClient;
import io.dimstore.hbaseredis.internal.hbase.WriteIntent;
import io.dimstore.hbaseredis.internal.hbase.WriteIntents;
import io.dimstore.hbaseredis.internal.options.HBaseRedisOptions;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Maintenance;
import io.dimstore.spi.Maintenance.PurgePage;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption;
import io.dimstore.spi.support.ClockComparison;
import io.dimstore.stack.LocalStackExtension;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.Get;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process whose wall clock differs from HBase's, or jumps. */
class ClocksIT {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with("hbase", "redis");

  private final Map<String, Long> numbers = new ConcurrentHashMap<>();

  /** How far the clock of the process is ahead of HBase's clock. */
  private final AtomicLong ahead = new AtomicLong();

  private final InstantSource wall = () -> InstantSource.system().instant().plusMillis(ahead.get());
  private HBaseRedisHarness servers;
  private Users users;

  @BeforeEach
  void open() {
    servers = new HBaseRedisHarness(stack.hbase(), stack.redis());
    users = Users.open(servers, Map.of("repair-interval", "1 h")).created();
  }

  @AfterEach
  void close() {
    users.close();
  }

  private HBaseRedisStore store(Map<String, String> options) {
    Map<String, String> all = new HashMap<>(servers.options());
    all.putAll(options);
    StoreConfig config =
        StoreConfig.parse("store", HBaseRedisOptions.all(), StoreOption.Scope.STORE, all);
    StoreMetrics metrics =
        new StoreMetrics() {
          @Override
          public void request(Request request) {}

          @Override
          public void count(String name, long delta) {
            numbers.merge(name, delta, Long::sum);
          }

          @Override
          public void gauge(String name, long value) {
            numbers.put(name, value);
          }
        };
    return new HBaseRedisStore(config, metrics, wall, new ClockComparison(wall, System::nanoTime));
  }

  private PurgePage purge(DimensionTable table) {
    ScanOptions options = ScanOptions.rows(users.spec().all());
    ScanSplit split = Users.await(table.splits(1, options)).get(0);
    return Users.await(((Maintenance) table).purge(split, 100));
  }

  @Test
  void deleteOfProcessWhoseClockIsBehindIsDatedByTheClockOfHBase() throws Exception {
    ahead.set(-Duration.ofDays(30).toMillis());
    long before = System.currentTimeMillis();
    try (HBaseRedisStore store = store(Map.of());
        HBaseShell shell = new HBaseShell(stack.hbase());
        var rows = shell.table(users.spec().name())) {
      DimensionTable table = store.table(users.spec());
      Users.await(table.write(List.of(Users.user("a", "NL", 1, 1))));
      HBaseShell.await("the clock of HBase", () -> numbers.containsKey("clock.skew.ms"));
      assertThat(numbers.get("clock.skew.ms"))
          .isCloseTo(Duration.ofDays(30).toMillis(), Offset.offset(60_000L));
      Users.await(table.write(List.of(new Delete(Key.of("a"), 2))));
      byte[] state =
          rows.get(new Get(Utf8.encode("a"))).getValue(Utf8.encode("s"), StateCell.QUALIFIER);
      StateCell.Deleted deleted = (StateCell.Deleted) StateCell.decode(state, 0, state.length);
      assertThat(deleted.appliedAt()).isBetween(before, System.currentTimeMillis() + 60_000);
    }
    assertThat(purge(users.table())).extracting(PurgePage::kept).isEqualTo(1);
  }

  @Test
  void clockThatJumpsBackIsCountedAndDatesNoDeleteEarlier() throws Exception {
    long before = System.currentTimeMillis();
    try (HBaseRedisStore store = store(Map.of("repair-interval", "10 ms"));
        HBaseShell shell = new HBaseShell(stack.hbase());
        var rows = shell.table(users.spec().name())) {
      DimensionTable table = store.table(users.spec());
      Users.await(table.write(List.of(Users.user("a", "NL", 1, 1))));
      ahead.set(-Duration.ofDays(30).toMillis());
      Users.await(table.write(List.of(new Delete(Key.of("a"), 2))));
      byte[] state =
          rows.get(new Get(Utf8.encode("a"))).getValue(Utf8.encode("s"), StateCell.QUALIFIER);
      StateCell.Deleted deleted = (StateCell.Deleted) StateCell.decode(state, 0, state.length);
      assertThat(deleted.appliedAt()).isGreaterThanOrEqualTo(before - 1_000);
      HBaseShell.await(
          "the jump is counted",
          () -> {
            Users.await(table.write(List.of(Users.user("b", "NL", 1, 1))));
            return numbers.getOrDefault("clock.jump", 0L) > 0;
          });
    }
  }

  /** Purges refuse a clock that is far ahead; no other operation depends on this machine's time. */
  @ParameterizedTest
  @ValueSource(strings = {"PT-720H", "PT2H"})
  void operationsSucceedWhileClockOfProcessIsWrong(Duration by) throws Exception {
    try (FaultTrial trial = new FaultTrial(servers, users.spec(), Map.of(), wall)) {
      trial.run(
          () -> ahead.set(by.toMillis()),
          () -> ahead.set(0),
          (operation, failure) -> {
            boolean mayRefuse = operation == FaultOperation.PURGE && !by.isNegative();
            assertThat(failure == null || (mayRefuse && failure == Kind.INVALID))
                .as("failure of %s: %s", operation, failure)
                .isTrue();
          });
      trial.assertCopiesAgree();
    }
  }

  @Test
  void purgeRefusesLargeClockDifferenceAndAllowsForSmallOne() {
    users.write(Users.user("a", "NL", 1, 1));
    users.write(new Delete(Key.of("a"), 2));
    ahead.set(Duration.ofHours(2).toMillis());
    try (HBaseRedisStore store = store(Map.of("tombstone-retention", "1 h"))) {
      assertThatThrownBy(() -> purge(store.table(users.spec())))
          .satisfies(
              failure -> {
                StoreException known = StoreException.find(failure.getCause());
                assertThat(known).as("%s", failure).isNotNull();
                assertThat(known.kind()).isEqualTo(Kind.INVALID);
                assertThat(known).hasMessageContaining("ahead of").hasMessageContaining("clock");
              });
    }
    ahead.set(50_000);
    try (HBaseRedisStore store = store(Map.of("tombstone-retention", "49 s"))) {
      assertThat(purge(store.table(users.spec()))).isEqualTo(new PurgePage(1, 0, 1, null));
    }
  }

  /**
   * If the intent were reconciled and removed while its batch is in flight, nothing would record
   * the pending write.
   */
  @Test
  void intentOfBatchInFlightStaysWhenClockOfRepairerIsAhead() throws Exception {
    StoreConfig config =
        StoreConfig.parse(
            "store", HBaseRedisOptions.all(), StoreOption.Scope.STORE, servers.options());
    try (HBaseClient client = new HBaseClient(config)) {
      TableName table = TableName.valueOf("dimstore_intents");
      WriteIntents intents =
          new WriteIntents(
              client, new Meter(StoreMetrics.NONE), Retries.TIMER, table, Duration.ofMinutes(10));
      WriteIntent intent =
          Users.await(intents.create(users.spec().name(), List.of(Utf8.encode("a"))));
      ahead.set(Duration.ofHours(2).toMillis());
      try (HBaseRedisStore store = store(Map.of())) {
        Maintenance maintenance = (Maintenance) store.table(users.spec());
        assertThat(Users.await(maintenance.repair(100)).examined()).isZero();
      }
      assertThat(users.backlog().keys()).isEqualTo(1);
      Users.await(intents.remove(intent));
    }
  }
}
