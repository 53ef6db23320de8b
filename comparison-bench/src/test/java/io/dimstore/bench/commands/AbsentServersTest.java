// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.bench.commands.AbsentServers.Absent;
import io.dimstore.bench.commands.AbsentServers.Case;
import io.dimstore.bench.commands.AbsentServers.How;
import io.dimstore.bench.commands.AbsentServers.Reached;
import io.dimstore.cli.KafkaOptions;
import io.dimstore.jobs.StoreCalls;
import io.dimstore.jobs.sql.StorePreflight;
import io.dimstore.stack.dynamodb.ServerAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs every command that needs a server against two addresses: at the first nothing listens, the
 * second accepts connections and never answers. {@link AbsentServersIT} has the commands for which
 * another server has to be there.
 */
@Timeout(180)
class AbsentServersTest {

  /** These reach no server but their own, or look at the processes that stack up has left. */
  private static final Set<String> OF_THIS_MACHINE =
      Set.of("bench checkpoint", "migrate demo", "stack down", "stack status");

  /** Steps of {@code migrate} that need the new store alone. */
  private static final Set<String> WITHOUT_OLD_STORE = Set.of("status", "certificate");

  /** A listener whose connections the operating system accepts, and nobody reads. */
  private static ServerSocket silent;

  @TempDir private static Path folder;

  private static AbsentServers commands;

  @BeforeAll
  static void startAll() throws IOException {
    silent = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
    commands = new AbsentServers();
    for (How how : How.values()) {
      commands.start(cases(how, address(how)));
    }
  }

  private static String address(How how) {
    return how == How.CLOSED ? AbsentServers.CLOSED : "127.0.0.1:" + silent.getLocalPort();
  }

  private static List<Case> cases(How how, String address) throws IOException {
    List<String> dynamoDb = AbsentServers.dynamoDb(address);
    List<String> hbase = AbsentServers.hbaseRedis(address, AbsentServers.CLOSED);
    List<Case> cases = new ArrayList<>();
    cases.addAll(commands.kafka(address, how, folder));
    cases.addAll(commands.flink(address, how));
    cases.addAll(AbsentServers.usersDynamoDb(address, how, folder));
    cases.addAll(AbsentServers.store(Absent.DYNAMODB, how, dynamoDb));
    cases.addAll(AbsentServers.store(Absent.HBASE, how, hbase));
    Set<String> steps = AbsentServers.steps();
    steps.removeAll(WITHOUT_OLD_STORE);
    cases.addAll(commands.from(Absent.HBASE, how, hbase, steps));
    cases.addAll(commands.to(Absent.DYNAMODB, how, dynamoDb, AbsentServers.steps()));
    return cases;
  }

  @AfterAll
  static void stop() throws Exception {
    commands.close();
    silent.close();
  }

  static Set<String> names() {
    return commands.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void anAbsentServerIsReportedInOneLine(String name) throws Exception {
    commands.assertReported(name);
  }

  /**
   * A new command, or a new server of a command, needs a case here or in {@link AbsentServersIT}.
   */
  @ParameterizedTest
  @EnumSource
  void everyServerOfEveryCommandHasACase(How how) throws IOException {
    Set<Reached> reached = new LinkedHashSet<>();
    Set<String> none = new TreeSet<>();
    AllCommands.leaves()
        .forEach(
            command -> {
              Set<Reached> servers = AbsentServers.reachedBy(command);
              reached.addAll(servers);
              if (servers.isEmpty()) {
                none.add(AbsentServers.name(command));
              }
            });
    assertThat(none).as("commands that reach no server").isEqualTo(OF_THIS_MACHINE);
    reached.removeIf(AbsentServersTest::isNotUsed);
    assertThat(
            Stream.concat(
                    cases(how, AbsentServers.CLOSED).stream(),
                    AbsentServersIT.ofRedis(commands, how, "z:1", "r:1").stream())
                .map(Case::reached))
        .containsExactlyInAnyOrderElementsOf(reached);
  }

  /** Servers of a store that a command does not need. */
  private static boolean isNotUsed(Reached server) {
    return switch (server.server()) {
      // Only a store with a cache is checked and repaired.
      case DYNAMODB -> Set.of("write check", "write repair").contains(server.command());
      case HBASE ->
          server.option().equals("--from")
              && WITHOUT_OLD_STORE.contains(server.command().replace("migrate ", ""));
      // They read no row through the cache.
      case REDIS ->
          server.command().equals("forecast")
              || (server.option().equals("--from")
                  && !AbsentServersIT.STEPS_WITH_CACHE.contains(
                      server.command().replace("migrate ", "")));
      default -> false;
    };
  }

  /**
   * A command asks its servers at the same time, each once, and reports the first that has not
   * answered within its timeout. How long a test machine takes for it says nothing.
   */
  @Test
  void theTimeoutsOfTheFirstContactAreWithinTenSeconds() {
    Duration most = Duration.ofSeconds(10);
    assertThat(KafkaOptions.PATIENCE).isLessThan(most);
    assertThat(StoreCalls.PATIENCE).isLessThan(most);
    assertThat(StorePreflight.LIMIT).isLessThan(most);
    assertThat(ServerAddress.LIMIT).isLessThan(most);
  }
}
