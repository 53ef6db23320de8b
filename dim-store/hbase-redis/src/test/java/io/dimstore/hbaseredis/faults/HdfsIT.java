// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.FaultOperation;
import io.dimstore.hbaseredis.fixture.FaultTrial;
import io.dimstore.hbaseredis.fixture.HBaseRedisHarness;
import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.hbaseredis.fixture.Regions;
import io.dimstore.hbaseredis.fixture.Signals;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.stack.LocalStack;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.StackOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.hadoop.hbase.ServerName;
import org.apache.hadoop.hbase.client.Admin;
import org.apache.hadoop.hbase.util.Bytes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** HBase on HDFS, with each region server in a process of its own. */
class HdfsIT {

  private static final int ROWS = 2_000;

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("redis");

  private static LocalStack hdfs;
  private static HBaseShell shell;
  private static HBaseRedisHarness servers;

  @BeforeAll
  static void start() {
    hdfs = LocalStack.start(StackOptions.of("hbase").withHdfs(2));
    shell = new HBaseShell(hdfs.hbase());
    servers = new HBaseRedisHarness(hdfs.hbase(), stack.redis());
  }

  @AfterAll
  static void stop() {
    shell.close();
    hdfs.close();
  }

  /**
   * The region server is paused until its regions are open on the other one, and then resumes with
   * the requests that it had received. HDFS has given its log to the master in between, so it
   * cannot acknowledge any write. Nothing is flushed: writes that were acknowledged before are in
   * that log.
   */
  @Test
  void pausedRegionServerThatLostItsRegionsWritesNothing() throws Exception {
    try (FaultTrial trial = trial();
        Admin admin = shell.admin();
        Users brief = Users.open(servers, Map.of("deadline", "3 s"), trial.users().spec())) {
      Users users = trial.users();
      ServerName victim = place(admin, users.spec().name());
      users.write(rows().toArray(Put[]::new));
      Put before = Users.user("stuck", "NL", 1, 1);
      HBaseShell.await("a first write", () -> failureOf(brief, before) == null);
      ProcessHandle process = process(victim);
      trial.run(
          () -> {
            Signals.stop(process.pid());
            Kind failure = failureOf(brief, Users.user("stuck", "BE", 9, 9));
            assertThat(failure).isIn(Kind.TIMEOUT, Kind.UNAVAILABLE);
          },
          () -> {
            try {
              awaitRegions(users);
            } finally {
              Signals.go(process.pid());
            }
            process.onExit().get(1, TimeUnit.MINUTES);
          },
          HdfsIT::check);
      assertThat(users.get("stuck"))
          .as("the row of the request that the paused server had" + " received")
          .isEqualTo(before);
      assertAllThere(users);
    }
  }

  private static FaultTrial trial() {
    String name = "users_" + Users.unique();
    try {
      shell.create(name, Bytes.toByteArrays(new String[] {"m", "s"}), "f", "s");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // An attempt may take 6 s, about as long as HBase takes to detect the loss of a region server.
    return new FaultTrial(
        servers, Users.spec(name), Map.of("deadline", "20 s"), InstantSource.system());
  }

  /**
   * Moves the first and the last region of a table to one server, which is returned, and all other
   * regions to the other server.
   */
  private static ServerName place(Admin admin, String table) throws Exception {
    admin.balancerSwitch(false, true);
    List<ServerName> live = List.copyOf(admin.getRegionServers());
    Regions.place(admin, "hbase:meta", live.subList(1, 2));
    Regions.place(admin, "dimstore_intents", live.subList(1, 2));
    Regions.place(admin, table, live);
    return live.get(0);
  }

  /** Returns the process of a region server, found by the port in its file. */
  private static ProcessHandle process(ServerName server) throws Exception {
    Path notes = hdfs.log("hbase").resolveSibling("conf");
    for (ProcessHandle each : ProcessHandle.allProcesses().toList()) {
      Path note = notes.resolve("port-" + each.pid());
      if (Files.exists(note) && Integer.parseInt(Files.readString(note)) == server.getPort()) {
        return each;
      }
    }
    throw new AssertionError("No process has the port of " + server);
  }

  private static void check(FaultOperation operation, @Nullable Kind failure) {
    assertThat(failure == null || failure.isRetryable())
        .as("%s while a region server is down: %s", operation, failure)
        .isTrue();
  }

  private static void awaitRegions(Users users) {
    HBaseShell.await(
        "writes to a region that was lost",
        () -> failureOf(users, Users.user("again", "NL", 1, FaultOperation.nextVersion())) == null);
  }

  private static @Nullable Kind failureOf(Users users, Put row) {
    CompletionStage<Void> write = users.table().write(List.of(row));
    return FaultOperation.failureOf(write);
  }

  private static void assertAllThere(Users users) {
    List<Key> keys = rows().stream().map(Put::key).toList();
    assertThat(Users.await(users.table().get(keys, users.spec().all()))).isEqualTo(rows());
  }

  private static List<Put> rows() {
    return IntStream.range(0, ROWS).mapToObj(i -> Users.user("u" + i, "NL", i, 1)).toList();
  }
}
