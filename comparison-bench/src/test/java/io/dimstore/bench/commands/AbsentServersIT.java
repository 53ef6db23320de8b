// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.bench.commands.AbsentServers.Absent;
import io.dimstore.bench.commands.AbsentServers.Case;
import io.dimstore.bench.commands.AbsentServers.How;
import io.dimstore.stack.relay.RelayedHBase;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/**
 * Runs the commands that need Redis while HBase answers, and those that need HBase while only its
 * ZooKeeper answers.
 */
@Timeout(180)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AbsentServersIT {

  /** The steps of a migration that use the cache of the old store. */
  static final Set<String> STEPS_WITH_CACHE = Set.of("preflight", "backfill", "verify");

  private static RelayedHBase hbase;
  private static ServerSocket silent;
  private static AbsentServers commands;

  @BeforeAll
  static void startHBase() throws Exception {
    hbase = RelayedHBase.start();
    silent = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
    commands = new AbsentServers();
  }

  @AfterAll
  static void stop() throws Exception {
    commands.close();
    silent.close();
    hbase.close();
  }

  /** Returns the commands of which Redis is absent. */
  static List<Case> ofRedis(AbsentServers commands, How how, String zooKeeper, String redis) {
    List<String> options = AbsentServers.hbaseRedis(zooKeeper, redis);
    List<Case> cases = new ArrayList<>(AbsentServers.store(Absent.REDIS, how, options));
    cases.addAll(commands.from(Absent.REDIS, how, options, STEPS_WITH_CACHE));
    return cases;
  }

  @Test
  @Order(1)
  void anAbsentRedisIsReportedInOneLine() {
    List<Case> cases = new ArrayList<>();
    String zooKeeper = hbase.endpoint().address();
    cases.addAll(ofRedis(commands, How.CLOSED, zooKeeper, AbsentServers.CLOSED));
    cases.addAll(ofRedis(commands, How.SILENT, zooKeeper, "127.0.0.1:" + silent.getLocalPort()));
    cases.stream()
        .filter(one -> one.reached().command().equals("migrate preflight"))
        .forEach(AbsentServers::plan);
    assertReported(cases);
  }

  /** ZooKeeper answers, so clients find the servers that do not. */
  @Test
  @Order(2)
  void aSilentHBaseBehindItsZooKeeperIsReportedInOneLine() {
    hbase.relay().freeze();
    hbase.masterRelay().freeze();
    List<String> options =
        AbsentServers.hbaseRedis(hbase.endpoint().address(), AbsentServers.CLOSED);
    List<Case> cases = new ArrayList<>();
    cases.addAll(AbsentServers.store(Absent.HBASE, How.SILENT, options));
    cases.addAll(commands.from(Absent.HBASE, How.SILENT, options, Set.of("start", "backfill")));
    assertReported(cases);
  }

  private static void assertReported(List<Case> cases) {
    commands.start(cases);
    assertThat(cases).allSatisfy(one -> commands.assertReported(one.name()));
  }
}
