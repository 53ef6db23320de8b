// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.repair;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.HBaseRedisHarness;
import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.hbaseredis.fixture.History;
import io.dimstore.hbaseredis.fixture.RedisGroup;
import io.dimstore.hbaseredis.fixture.Traffic;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.hbaseredis.internal.encoding.StateCell;
import io.dimstore.hbaseredis.internal.encoding.Utf8;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Maintenance;
import io.dimstore.spi.Maintenance.PurgePage;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanSplit;
import io.dimstore.stack.LocalStackExtension;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.hbase.Cell;
import org.apache.hadoop.hbase.CellUtil;
import org.apache.hadoop.hbase.client.Get;
import org.apache.hadoop.hbase.client.Result;
import org.apache.hadoop.hbase.client.ResultScanner;
import org.apache.hadoop.hbase.client.Scan;
import org.apache.hadoop.hbase.client.Table;
import org.apache.hadoop.hbase.util.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

/** Purges of tombstones and expired rows whose retention has ended. */
class PurgeIT {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with("hbase", "redis");

  private HBaseRedisHarness servers;
  private Users users;
  private Users brief;

  /** The same table with seven days of retention, and with almost none. */
  @BeforeEach
  void open() {
    servers = new HBaseRedisHarness(stack.hbase(), stack.redis());
    users = Users.open(servers, Map.of("redis.timeout", "20 s")).created();
    brief = Users.open(servers, briefly(), users.spec());
  }

  @AfterEach
  void close() {
    brief.close();
    users.close();
  }

  private static Map<String, String> briefly() {
    return Map.of("tombstone-retention", "1 ms", "redis.timeout", "20 s");
  }

  private record Purged(int read, int purged, int kept) {}

  private static Purged purge(Users users, int page) {
    int read = 0;
    int purged = 0;
    int kept = 0;
    Maintenance maintenance = (Maintenance) users.table();
    ScanOptions options = ScanOptions.rows(users.spec().all());
    for (ScanSplit split : Users.await(users.table().splits(2, options))) {
      for (ScanSplit rest = split; rest != null; ) {
        PurgePage done = Users.await(maintenance.purge(rest, page));
        read += done.read();
        purged += done.purged();
        kept += done.kept();
        rest = done.remaining();
      }
    }
    return new Purged(read, purged, kept);
  }

  private static Put expired(String id, long version) {
    return new Put(Key.of(id), Row.of("NL", 1), version, System.currentTimeMillis() - 1_000);
  }

  /** Over several pages, with a row that another tool wrote after the delete. */
  @Test
  void onlyRowsPastTheirRetentionArePurged() throws Exception {
    for (int i = 0; i < 5; i++) {
      users.write(Users.user("live" + i, "NL", i, 3), Users.user("dead" + i, "NL", i, 3));
      users.write(new Delete(Key.of("dead" + i), 5));
    }
    users.write(expired("over", 4));
    users.write(new Delete(Key.of("foreign"), 5));
    try (HBaseShell shell = new HBaseShell(stack.hbase());
        var table = shell.table(users.spec().name())) {
      table.put(
          new org.apache.hadoop.hbase.client.Put(Utf8.encode("foreign"))
              .addColumn(Utf8.encode("f"), Utf8.encode("country"), 6, Utf8.encode("BE")));
    }
    assertThat(purge(users, 2)).as("seven days").isEqualTo(new Purged(12, 0, 6));
    HBaseShell.await("all that is over", () -> purge(brief, 2).kept() == 0);
    assertThat(cells("dead0")).isZero();
    assertThat(cells("dead4")).isZero();
    assertThat(cells("over")).isZero();
    for (int i = 0; i < 5; i++) {
      assertThat(users.get("live" + i)).isEqualTo(Users.user("live" + i, "NL", i, 3));
      assertThat(users.get("dead" + i)).isNull();
    }
    assertThat(users.get("foreign").version()).isEqualTo(6);
    assertThat(brief.count("purged")).isEqualTo(6);
    assertThat(purge(brief, 100)).isEqualTo(new Purged(6, 0, 0));
  }

  @Test
  void purgedRowsReturnNeitherInHBaseNorInRedis() throws Exception {
    users.write(Users.user("a", "NL", 1, 1));
    users.write(Users.user("a", "NL", 2, 2));
    users.write(new Delete(Key.of("a"), 5));
    users.warm("a");
    HBaseShell.await("the delete is over", () -> purge(brief, 10).purged() == 1);
    for (var page : users.check(100, false)) {
      assertThat(page.differences()).as("the entry in Redis is removed too").isEmpty();
    }
    assertThat(users.get("a")).isNull();
    servers.age(users.spec());
    assertThat(users.get("a")).isNull();
    assertThat(cells("a")).isZero();
    users.write(Users.user("a", "BE", 6, 6));
    assertThat(users.get("a")).isEqualTo(Users.user("a", "BE", 6, 6));
    HBaseShell.await("no write intent left", () -> users.backlog().keys() == 0);
  }

  /** The promise of personal-data.md, by raw scans: what HBase's files and Redis have. */
  @Test
  void purgedRowLeavesNothingInHBaseAfterMajorCompactionAndNothingInRedis() throws Exception {
    users.write(Users.user("erased", "secret", 1, 1), Users.user("kept", "NL", 1, 1));
    users.warm("erased");
    users.write(Users.user("erased", "secret2", 2, 2));
    try (HBaseShell shell = new HBaseShell(stack.hbase());
        Jedis redis = RedisGroup.open(stack.redis().port())) {
      shell.compact(users.spec().name());
      users.write(new Delete(Key.of("erased"), 3));
      HBaseShell.await("the delete is over", () -> purge(brief, 10).purged() == 1);
      HBaseShell.await("no write intent left", () -> users.backlog().keys() == 0);
      assertThat(redis.keys("*" + users.spec().name() + ":erased")).isEmpty();
      assertThat(raw(shell, users.spec().name()))
          .as("before the compaction the files still have the values")
          .anyMatch(cell -> cell.contains("erased") && cell.contains("secret2"));
      shell.compact(users.spec().name());
      shell.compact("dimstore_intents");
      assertThat(raw(shell, users.spec().name()))
          .isNotEmpty()
          .noneMatch(cell -> cell.contains("erased"));
      assertThat(raw(shell, "dimstore_intents")).noneMatch(cell -> cell.contains("erased"));
    }
    assertThat(users.get("kept")).isEqualTo(Users.user("kept", "NL", 1, 1));
  }

  /** Returns all cells of a table, hidden ones and markers too. */
  private static List<String> raw(HBaseShell shell, String name) throws IOException {
    List<String> cells = new ArrayList<>();
    try (Table table = shell.table(name);
        ResultScanner scanner = table.getScanner(new Scan().setRaw(true).readAllVersions())) {
      for (Result row : scanner) {
        for (Cell cell : row.rawCells()) {
          cells.add(
              Bytes.toStringBinary(CellUtil.cloneRow(cell))
                  + " "
                  + cell
                  + " "
                  + Bytes.toStringBinary(CellUtil.cloneValue(cell)));
        }
      }
    }
    return cells;
  }

  /** HBase does not report when it was deleted, so its retention begins with the first purge. */
  @Test
  void rowWhoseCellsAnotherToolDeletedIsRememberedForItsRetentionAndThenPurged() throws Exception {
    users.write(Users.user("a", "NL", 1, 3), Users.user("b", "NL", 1, 3));
    try (HBaseShell shell = new HBaseShell(stack.hbase());
        var table = shell.table(users.spec().name())) {
      for (String id : List.of("a", "b")) {
        table.delete(
            new org.apache.hadoop.hbase.client.Delete(Utf8.encode(id))
                .addFamily(Utf8.encode("f"), 3));
      }
    }
    assertThat(purge(users, 10)).isEqualTo(new Purged(2, 0, 2));
    assertThat(purge(users, 10)).as("seven days").isEqualTo(new Purged(2, 0, 2));
    users.write(Users.user("b", "BE", 2, 4));
    HBaseShell.await("its retention has ended", () -> purge(brief, 10).purged() == 1);
    assertThat(cells("a")).isZero();
    assertThat(users.get("b")).isEqualTo(Users.user("b", "BE", 2, 4));
    assertThat(purge(brief, 10)).isEqualTo(new Purged(1, 0, 0));
  }

  @Test
  void unreadableRowIsCountedAndThePurgeGoesOn() throws Exception {
    users.write(Users.user("a", "NL", 1, 3), Users.user("z", "NL", 1, 3));
    users.write(new Delete(Key.of("z"), 4));
    try (HBaseShell shell = new HBaseShell(stack.hbase());
        var table = shell.table(users.spec().name())) {
      table.put(
          new org.apache.hadoop.hbase.client.Put(Utf8.encode("a"))
              .addColumn(Utf8.encode("s"), StateCell.QUALIFIER, 5, new byte[] {9}));
    }
    HBaseShell.await("the row behind it", () -> purge(brief, 10).purged() == 1);
    Maintenance maintenance = (Maintenance) brief.table();
    int unreadable = 0;
    ScanOptions options = ScanOptions.rows(users.spec().all());
    for (ScanSplit split : Users.await(brief.table().splits(1, options))) {
      unreadable += Users.await(maintenance.purge(split, 10)).unreadable();
    }
    assertThat(unreadable).isEqualTo(1);
    assertThat(cells("a")).isPositive();
  }

  /**
   * This test writes only newer versions: a change older than a purged delete may become visible
   * again.
   */
  @Test
  void purgeBesideWriterHidesNoNewerVersion() {
    History history = new History(History.Kind.RECORDED_FIRST);
    Traffic traffic = new Traffic(history, 4, "").inOrder();
    try (Users hbaseOnly = Users.open(servers, Map.of("redis.port", "1"), users.spec());
        Users second = Users.open(servers, briefly(), users.spec())) {
      users.get("k0");
      traffic.writer(users, 1).reader(users, 2).reader(brief, 3);
      try {
        HBaseShell.await(
            "purges",
            () -> {
              purge(brief, 3);
              purge(second, 100);
              return brief.count("purged") + second.count("purged") > 100 || !traffic.isFine();
            });
      } finally {
        traffic.end();
      }
      HBaseShell.await("no write intent left", () -> users.backlog().keys() == 0);
      traffic.compare(users, hbaseOnly);
    }
  }

  private int cells(String id) throws IOException {
    try (HBaseShell shell = new HBaseShell(stack.hbase());
        var table = shell.table(users.spec().name())) {
      return table.get(new Get(Utf8.encode(id)).readVersions(10)).size();
    }
  }
}
