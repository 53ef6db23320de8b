// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.stack.LocalStack;
import io.dimstore.stack.StackOptions;
import io.dimstore.stack.StackProcess;
import io.dimstore.stack.server.Endpoint;
import io.dimstore.stack.server.ProjectHome;
import io.dimstore.stack.server.Server;
import io.dimstore.stack.server.ServerModule;
import io.dimstore.stack.server.StackException;
import io.dimstore.stack.server.UserFolders;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Servers that are killed, restarted, or cannot start. */
class FaultsIT {

  private static List<String> servers() {
    return Server.all().stream().map(Server::id).toList();
  }

  @ParameterizedTest
  @MethodSource("servers")
  void aKilledServerIsReportedAndComesBackOnItsPort(String server) throws Exception {
    try (LocalStack stack = LocalStack.start(server)) {
      BlockingQueue<ServerExit> exits = new LinkedBlockingQueue<>();
      stack.onExit(exits::add);
      Endpoint before = stack.endpoints().get(0);
      ProcessHandle killed = stack.process(server);
      stack.check();

      stack.kill(server);

      assertThat(killed.isAlive()).isFalse();
      assertThat(stack.isAlive(server)).isFalse();
      ServerExit exit = exits.poll(10, TimeUnit.SECONDS);
      assertThat(exit).isNotNull();
      assertThat(exit.server().id()).isEqualTo(server);
      assertThat(exit.exitCode()).isEqualTo(137);
      assertThat(exit.log()).isNotEmptyFile();
      assertThatThrownBy(stack::check)
          .isInstanceOf(StackException.class)
          .hasMessage(exit.message());

      stack.restart(server);

      stack.check();
      assertThat(stack.isAlive(server)).isTrue();
      assertThat(stack.process(server)).isNotEqualTo(killed);
      assertThat(stack.endpoints()).containsExactly(before);
      assertThat(Readiness.of(launch(stack), stack.process(server).pid())).isTrue();
    }
  }

  private static Launch launch(LocalStack stack) {
    Endpoint endpoint = stack.endpoints().get(0);
    Path folder = stack.log(endpoint.server().id()).getParent();
    Path home = ProjectHome.find();
    ServerModule module = ServerModule.of(home, endpoint.server().id());
    return new Launch(module, home, folder, endpoint.port(), List.of(), 0, Map.of(), List.of());
  }

  @Test
  void aPortThatIsTakenIsNamed() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      StackOptions options = StackOptions.of("redis").withPort("redis", taken.getLocalPort());
      assertThatThrownBy(() -> LocalStack.start(options))
          .isInstanceOf(StackException.class)
          .hasMessageContaining("Port " + taken.getLocalPort() + ", wanted for redis, is taken");
    }
  }

  @Test
  void theCommandNamesTheOptionWithThePortThatIsTaken(@TempDir Path folder) throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String option = "kafka=" + taken.getLocalPort();
      StackProcess up = StackProcess.run(folder, "up", "--port", option);
      assertThat(up.exitCode()).isEqualTo(1);
      assertThat(up.out()).isEmpty();
      assertThat(up.err())
          .hasLineCount(1)
          .contains("--port '" + option + "': the port is taken")
          .contains("leave the option out");
    }
  }

  @Test
  void withoutNpmOnlyDynamoDbCannotBeStarted(@TempDir Path folder) throws Exception {
    Path tools = Files.createDirectories(folder.resolve("tools"));
    for (String tool : List.of("cat", "dirname", "ls", "rm", "tar")) {
      Files.createSymbolicLink(tools.resolve(tool), Path.of("/bin", tool));
    }
    Map<String, String> environment =
        Map.of("PATH", tools.toString(), "XDG_CACHE_HOME", folder.resolve("cache").toString());
    StackProcess up =
        StackProcess.start(
                folder, ProjectHome.find(), environment, "up", "--only", "redis,dynamodb")
            .awaitEnd();
    assertThat(up.exitCode()).isEqualTo(1);
    assertThat(up.err())
        .contains("redis ready")
        .contains("dynamodb did not start")
        .contains("The command 'npm' is not found. Install it (npm comes with Node.js)");
    assertThat(StackProcess.leftIn(folder)).isEmpty();
  }

  @Test
  void aFixedPortIsUsed() {
    int port = new Ports().free();
    StackOptions options = StackOptions.of("dynamodb").withPort("dynamodb", port);
    try (LocalStack stack = LocalStack.start(options)) {
      assertThat(stack.dynamoDb().uri()).hasPort(port);
    }
  }

  @Test
  void aServerThatIsNotReadyInTimeIsEndedAndItsLogIsNamed() {
    BlockingQueue<String> progress = new LinkedBlockingQueue<>();
    StackOptions options =
        StackOptions.of("hbase").withTimeout(Duration.ofMillis(1)).withProgress(progress::add);
    assertThatThrownBy(() -> LocalStack.start(options))
        .isInstanceOf(StackException.class)
        .hasMessageContaining("hbase did not start: the process was not ready after 0")
        .hasMessageContaining(UserFolders.logs().toString());
    assertThat(progress).containsExactly("starting hbase");
    assertThat(ProcessHandle.current().children().filter(FaultsIT::isHBaseGuard)).isEmpty();
  }

  private static boolean isHBaseGuard(ProcessHandle process) {
    return process.info().commandLine().orElse("").contains("guard-hbase");
  }

  @Test
  void closingTwiceIsClosingOnce() {
    LocalStack stack = LocalStack.start("redis");
    Path folder = stack.log("redis").getParent().getParent();
    assertThat(folder).isDirectory();
    stack.close();
    stack.close();
    assertThat(folder).doesNotExist();
  }
}
