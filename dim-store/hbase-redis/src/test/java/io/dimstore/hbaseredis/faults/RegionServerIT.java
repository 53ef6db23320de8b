// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.FaultTrial;
import io.dimstore.hbaseredis.fixture.HBaseRedisHarness;
import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.hbaseredis.fixture.History;
import io.dimstore.hbaseredis.fixture.Regions;
import io.dimstore.hbaseredis.fixture.Traffic;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.spi.Put;
import io.dimstore.stack.LocalStack;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.hadoop.hbase.client.Admin;
import org.apache.hadoop.hbase.util.Bytes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One of three region servers is killed, and the master is replaced by its backup. */
class RegionServerIT {

  private static final int KEYS = 9;
  private static final String PENDING = "k1-0";

  @TempDir static Path folder;

  private static LocalStack stack;
  private static RegionServers more;
  private static int victim;
  private static int other;
  private static int backup;

  @BeforeAll
  static void start() throws Exception {
    stack = LocalStack.start("hbase", "redis");
    more = new RegionServers(stack, folder);
    victim = more.start();
    other = more.start();
    backup = more.startMaster();
  }

  @AfterAll
  static void stop() {
    more.close();
    stack.close();
  }

  @Test
  void operationsContinueWhileTheMasterFailsOverAndTablesAreCreatedByTheNewOne() throws Exception {
    try (HBaseShell shell = new HBaseShell(stack.hbase());
        Admin admin = shell.admin();
        FaultTrial trial =
            new FaultTrial(
                new HBaseRedisHarness(stack.hbase(), stack.redis()),
                Map.of("redis.timeout", "20 s"))) {
      HBaseShell.await(
          "a backup master",
          () -> {
            assertThat(more.isAlive(backup)).isTrue();
            return admin.getBackupMasters().size() == 1;
          });
      trial.run(
          admin::stopMaster,
          () ->
              HBaseShell.await(
                  "the backup is the master", () -> admin.getMaster().getPort() == backup),
          (operation, failure) -> assertThat(failure).as("%s", operation).isNull());
      Users.await(trial.users().store().validate(trial.users().spec()));
      Users.await(trial.users().store().createIfAbsent(Users.spec("users_" + Users.unique())));
    }
  }

  @Test
  void aKilledRegionServerDelaysItsRowsAndLosesNone() throws Exception {
    try (HBaseShell shell = new HBaseShell(stack.hbase());
        Admin admin = shell.admin()) {
      String table = "users_" + Users.unique();
      shell.create(table, splits(), "f", "s");
      HBaseRedisHarness servers = new HBaseRedisHarness(stack.hbase(), stack.redis());
      Map<String, String> patient =
          Map.of("deadline", "100 s", "redis.timeout", "20 s", "repair-interval", "1 h");
      History history = new History(History.Kind.RECORDED_FIRST);
      Traffic traffic = new Traffic(history, KEYS, "");
      try (Users users = Users.open(servers, patient, Users.spec(table)).created();
          Users hbaseOnly = Users.open(servers, Map.of("redis.port", "1"), users.spec())) {
        HBaseShell.await(
            "three region servers",
            () -> {
              assertThat(more.isAlive(victim) && more.isAlive(other)).isTrue();
              return admin.getRegionServers().size() == 3;
            });
        admin.balancerSwitch(false, true);
        // The server to be killed has a part of the rows and all write intents.
        Regions.place(admin, table, List.copyOf(admin.getRegionServers()));
        Regions.place(admin, "dimstore_intents", List.of(Regions.server(admin, victim)));
        List<Put> written = quietRows(1);
        users.write(written.toArray(Put[]::new));
        users.warm(PENDING);
        Put pending = Users.user(PENDING, "BE", 2, 2);
        hbaseOnly.write(pending);
        HBaseShell.await("a write intent of a pending write", () -> shell.hasEndedIntent(table));
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
        HBaseShell.await("only one write intent left", () -> users.backlog().keys() == 1);
        for (Put row : written) {
          String id = (String) row.key().get(0);
          assertThat(hbaseOnly.get(id)).as("HBase").isEqualTo(id.equals(PENDING) ? pending : row);
        }
        assertThat(users.repair().healed()).as("entries with pending writes").isEqualTo(1);
        assertThat(users.get(PENDING)).isEqualTo(pending);
        traffic.compare(users, hbaseOnly);
        assertThat(users.backlog().keys()).as("write intents left").isZero();
      }
    }
  }

  /** Returns rows in every region that are not written again. */
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
}
