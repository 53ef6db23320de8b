package io.dimstore.hbaseredis;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Put;
import io.dimstore.stack.LocalStack;
import io.dimstore.stack.Server;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.hadoop.hbase.ClusterMetrics.Option;
import org.apache.hadoop.hbase.ServerName;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.Admin;
import org.apache.hadoop.hbase.client.RegionInfo;
import org.apache.hadoop.hbase.ipc.ServerNotRunningYetException;
import org.apache.hadoop.hbase.util.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One of three region servers is killed beside writers and readers. */
class RegionServerIT {

  private static final int KEYS = 9;
  private static final String OWED = "k1-0";

  @TempDir Path folder;

  @Test
  void aKilledRegionServerDelaysItsRowsAndLosesNone() throws Exception {
    try (LocalStack stack = LocalStack.start(Server.HBASE, Server.REDIS);
        RegionServers more = new RegionServers(stack, folder);
        HBaseShell shell = new HBaseShell(stack.hbase());
        Admin admin = shell.admin()) {
      int victim = more.start();
      int other = more.start();
      String table = "users_" + Users.unique();
      shell.create(table, splits(), "f", "s");
      HBaseRedisHarness servers = new HBaseRedisHarness(stack.hbase(), stack.redis());
      Map<String, String> patient =
          Map.of("deadline", "100 s", "redis.timeout", "20 s", "repair-interval", "1 h");
      History history = new History(History.Kind.TOLD);
      Traffic traffic = new Traffic(history, KEYS, "");
      try (Users users = Users.open(servers, patient, Users.spec(table)).created();
          Users truth = Users.open(servers, Map.of("redis.port", "1"), users.spec())) {
        HBaseShell.await(
            "three region servers",
            () -> {
              assertThat(more.isAlive(victim) && more.isAlive(other)).isTrue();
              return admin.getRegionServers().size() == 3;
            });
        admin.balancerSwitch(false, true);
        // The victim has a part of the rows and all marks.
        place(admin, table, List.copyOf(admin.getRegionServers()));
        place(admin, "dimstore_marks", List.of(at(admin, victim)));
        List<Put> written = quietRows(1);
        users.write(written.toArray(Put[]::new));
        users.warm(OWED);
        Put owed = Users.user(OWED, "BE", 2, 2);
        truth.write(owed);
        HBaseShell.await("a mark of what Redis is owed", () -> shell.hasEndedMark(table));
        traffic.writer(users, 1).writer(users, 2).reader(users, 3).reader(users, 4);
        try {
          HBaseShell.await("writes", () -> history.writes() > 300 || !traffic.isFine());
          more.kill(victim);
          long before = history.writes();
          HBaseShell.await(
              "writes again", () -> history.writes() > before + 300 || !traffic.isFine());
        } finally {
          traffic.end();
        }
        assertThat(admin.getRegionServers()).hasSize(2);
        HBaseShell.await("no mark but the one", () -> users.backlog().keys() == 1);
        for (Put row : written) {
          String id = (String) row.key().get(0);
          assertThat(truth.get(id)).as("HBase").isEqualTo(id.equals(OWED) ? owed : row);
        }
        assertThat(users.repair().healed()).as("what Redis was owed").isEqualTo(1);
        assertThat(users.get(OWED)).isEqualTo(owed);
        traffic.compare(users, truth);
        assertThat(users.backlog().keys()).as("marks left").isZero();
      }
    }
  }

  /** In every region some that nobody writes again. */
  private static List<Put> quietRows(long version) {
    return IntStream.range(0, 10 * KEYS)
        .mapToObj(i -> Users.user("k" + i % KEYS + "-" + i / KEYS, "NL", i, version))
        .toList();
  }

  private static byte[][] splits() {
    byte[][] splits = new byte[KEYS - 1][];
    for (int i = 1; i < KEYS; i++) {
      splits[i - 1] = Bytes.toBytes("k" + i);
    }
    return splits;
  }

  private static ServerName at(Admin admin, int port) throws Exception {
    return admin.getRegionServers().stream()
        .filter(server -> server.getPort() == port)
        .findFirst()
        .orElseThrow();
  }

  /** Moves a table's regions to these servers in turn. */
  private static void place(Admin admin, String table, List<ServerName> servers) throws Exception {
    List<RegionInfo> regions = admin.getRegions(TableName.valueOf(table));
    for (int i = 0; i < regions.size(); i++) {
      RegionInfo region = regions.get(i);
      ServerName server = servers.get(i % servers.size());
      HBaseShell.await("a region moved", () -> isAt(admin, region, server));
    }
  }

  private static boolean isAt(Admin admin, RegionInfo region, ServerName server) throws Exception {
    try {
      if (admin.getRegions(server).contains(region)) {
        return true;
      }
    } catch (ServerNotRunningYetException e) {
      // The master knows a server before it serves.
      return false;
    }
    if (admin
        .getClusterMetrics(EnumSet.of(Option.REGIONS_IN_TRANSITION))
        .getRegionStatesInTransition()
        .isEmpty()) {
      admin.move(region.getEncodedNameAsBytes(), server);
    }
    return false;
  }
}
