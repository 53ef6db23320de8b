package io.dimstore.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers that are killed, started again, or cannot start at all. */
class FaultsIT {

  @ParameterizedTest
  @EnumSource
  void aKilledServerIsReportedAndComesBackOnItsPort(Server server) throws Exception {
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
      assertThat(exit.server()).isEqualTo(server);
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
    Path folder = stack.log(endpoint.server()).getParent();
    return new Launch(endpoint.server(), ProjectHome.find(), folder, endpoint.port(), List.of(), 0);
  }

  @Test
  void aPortThatIsTakenIsNamed() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      StackOptions options =
          StackOptions.of(Set.of(Server.REDIS)).withPort(Server.REDIS, taken.getLocalPort());
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
          .contains("--port " + option + ": the port is taken")
          .contains("leave the option out");
    }
  }

  @Test
  void aFixedPortIsUsed() {
    int port = new Ports().free();
    StackOptions options = StackOptions.of(Set.of(Server.DYNAMODB)).withPort(Server.DYNAMODB, port);
    try (LocalStack stack = LocalStack.start(options)) {
      assertThat(stack.dynamoDb().uri()).hasPort(port);
    }
  }

  @Test
  void aServerThatIsNotReadyInTimeIsEndedAndItsLogIsNamed() {
    BlockingQueue<String> progress = new LinkedBlockingQueue<>();
    StackOptions options =
        StackOptions.of(Set.of(Server.HBASE))
            .withTimeout(Duration.ofMillis(1))
            .withProgress(progress::add);
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
    LocalStack stack = LocalStack.start(Server.REDIS);
    Path folder = stack.log(Server.REDIS).getParent().getParent();
    assertThat(folder).isDirectory();
    stack.close();
    stack.close();
    assertThat(folder).doesNotExist();
  }
}
