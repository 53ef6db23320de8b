// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.hbase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.dimstore.hbaseredis.fixture.HBaseRedisHarness;
import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Maintenance;
import io.dimstore.spi.Put;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.tck.harness.SteadyLoad;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.Admin;
import org.apache.hadoop.hbase.client.RegionInfo;
import org.apache.hadoop.hbase.util.Bytes;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Regions are closed and reopened, split and merged during a scan and a purge, and under reads,
 * writes and repairs.
 */
class RegionsInMotionIT {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with("hbase", "redis");

  private static final int ROWS = 300;

  /** What happens to a table's regions, of which there are three at first. */
  enum Motion {
    MOVED {
      @Override
      void begin(Admin admin, TableName table) throws Exception {
        for (RegionInfo region : admin.getRegions(table)) {
          admin.unassign(region.getRegionName());
          admin.assign(region.getRegionName());
        }
      }

      @Override
      boolean isOver(List<RegionInfo> regions) {
        return true;
      }
    },
    SPLIT {
      @Override
      void begin(Admin admin, TableName table) throws Exception {
        admin.flush(table);
        RegionInfo middle = admin.getRegions(table).get(1);
        admin
            .splitRegionAsync(middle.getRegionName(), Bytes.toBytes("k150"))
            .get(60, TimeUnit.SECONDS);
      }

      @Override
      boolean isOver(List<RegionInfo> regions) {
        return regions.size() == 4;
      }
    },
    MERGED {
      @Override
      void begin(Admin admin, TableName table) throws Exception {
        List<RegionInfo> regions = admin.getRegions(table);
        byte[][] two = {regions.get(0).getRegionName(), regions.get(1).getRegionName()};
        admin.mergeRegionsAsync(two, false).get(60, TimeUnit.SECONDS);
      }

      @Override
      boolean isOver(List<RegionInfo> regions) {
        return regions.size() == 2;
      }
    };

    abstract void begin(Admin admin, TableName table) throws Exception;

    abstract boolean isOver(List<RegionInfo> regions);
  }

  /** Each motion on an idle table, and beside two threads that write and read. */
  static Stream<Arguments> motions() {
    return Stream.of(Motion.values())
        .flatMap(motion -> IntStream.of(0, 2).mapToObj(threads -> arguments(motion, threads)));
  }

  @ParameterizedTest
  @MethodSource("motions")
  void operationsBegunBeforeContinueAndNeitherLoseNorRepeatRows(Motion motion, int threads)
      throws Exception {
    HBaseRedisHarness servers = new HBaseRedisHarness(stack.hbase(), stack.redis());
    String name = "motion_" + Users.unique();
    TableName table = TableName.valueOf(name);
    try (HBaseShell shell = new HBaseShell(stack.hbase());
        Admin admin = shell.admin()) {
      shell.create(name, Bytes.toByteArrays(new String[] {"k100", "k200"}), "f", "s");
      Map<String, String> forgetful =
          Map.of("tombstone-retention", "1 ms", "redis.timeout", "20 s");
      try (Users users =
              Users.open(servers, Map.of("redis.timeout", "20 s"), Users.spec(name)).created();
          Users purging = Users.open(servers, forgetful, users.spec())) {
        users.write(rows().toArray(Change[]::new));
        users.write(deletes().toArray(Change[]::new));
        List<ScanSplit> splits = splits(users);
        List<ScanSplit> toPurge = splits(purging);
        Set<Key> seen = new HashSet<>();
        ScanSplit rest = read(users, splits.get(1), seen);
        SteadyLoad load =
            SteadyLoad.start(
                users.table(),
                users.spec(),
                threads,
                (thread, version) -> Users.user("k15" + thread + "-load", "BE", 1, version));
        try {
          motion.begin(admin, table);
          HBaseShell.await(
              motion + " regions", () -> !load.isFine() || motion.isOver(admin.getRegions(table)));
          long before = load.acknowledged();
          readAll(users, rest, seen);
          readAll(users, splits.get(0), seen);
          readAll(users, splits.get(2), seen);
          assertThat(purgeAll(purging, toPurge)).as("tombstones that were purged").isEqualTo(30);
          users.repair();
          Put last = Users.user("k160-load", "BE", 1, 1);
          users.write(last);
          assertThat(users.get("k160-load")).isEqualTo(last);
          HBaseShell.await(
              "writes again",
              () -> threads == 0 || !load.isFine() || load.acknowledged() > before + 10);
        } finally {
          load.end();
        }
        assertThat(seen).as("rows of the scan").hasSize(ROWS);
        List<Key> keys = rows().stream().map(Put::key).toList();
        assertThat(Users.await(users.table().get(keys, users.spec().all()))).isEqualTo(rows());
        HBaseShell.await("no write intent left", () -> users.backlog().keys() == 0);
        for (var page : users.check(500, false)) {
          assertThat(page.differences()).isEmpty();
        }
      }
    } catch (ExecutionException e) {
      throw new AssertionError(motion + " was refused", e);
    }
  }

  private static List<Put> rows() {
    return IntStream.range(0, ROWS)
        .mapToObj(i -> Users.user("k%03d".formatted(i), "NL", i, 1))
        .toList();
  }

  private static List<Delete> deletes() {
    return IntStream.range(0, 30)
        .mapToObj(i -> new Delete(Key.of("k%03d-gone".formatted(10 * i)), 1))
        .toList();
  }

  private static List<ScanSplit> splits(Users users) {
    List<ScanSplit> splits =
        Users.await(users.table().splits(3, ScanOptions.rows(users.spec().all())));
    assertThat(splits).as("a split for each region").hasSize(3);
    return splits;
  }

  /** Reads one page; ignores rows that the load writes. */
  private static ScanSplit read(Users users, ScanSplit split, Set<Key> seen) {
    ScanPage page = Users.await(users.table().scan(split, 17));
    for (Change change : page.changes()) {
      if (!String.valueOf(change.key().get(0)).endsWith("-load")) {
        assertThat(seen.add(change.key())).as("%s for the first time", change.key()).isTrue();
      }
    }
    return page.remaining();
  }

  private static void readAll(Users users, ScanSplit split, Set<Key> seen) {
    for (ScanSplit rest = split; rest != null; ) {
      rest = read(users, rest, seen);
    }
  }

  private static int purgeAll(Users users, List<ScanSplit> splits) {
    int purged = 0;
    for (ScanSplit split : splits) {
      for (ScanSplit rest = split; rest != null; ) {
        var page = Users.await(((Maintenance) users.table()).purge(rest, 17));
        purged += page.purged();
        rest = page.remaining();
      }
    }
    return purged;
  }
}
