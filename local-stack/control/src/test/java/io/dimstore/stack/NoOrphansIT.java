// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.stack.server.ProjectHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks that no server and no folder is left, however the command ends. */
class NoOrphansIT {

  @TempDir Path folder;

  @Test
  void aCommandThatIsKilledTakesAllItsServersAndItsFolderWithIt() throws Exception {
    StackProcess up = StackProcess.start(folder, "up", "--format", "json").awaitUp();
    List<ProcessHandle> servers = up.serversAndTheirChildren();
    assertThat(servers).hasSizeGreaterThan(4).allMatch(ProcessHandle::isAlive);
    assertThat(servers).anyMatch(NoOrphansIT::isDynoxide);

    up.process().destroyForcibly();

    up.awaitEnd();
    assertNothingIsLeft(servers);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT", "HUP"})
  void aSignalToTheCommandEndsItsServersAndRemovesItsFolder(String signal) throws Exception {
    StackProcess up =
        StackProcess.start(folder, "up", "--only", "redis,dynamodb", "--format", "json").awaitUp();
    List<ProcessHandle> servers = up.serversAndTheirChildren();
    assertThat(servers).hasSizeGreaterThan(2).allMatch(ProcessHandle::isAlive);
    assertThat(StackProcess.leftIn(folder)).hasSize(1);

    StackProcess.signal(up.process().pid(), signal);

    up.awaitEnd();
    assertNothingIsLeft(servers);
  }

  @Test
  void aCrashWhileServersStartLeavesNothing() throws Exception {
    StackProcess up = StackProcess.start(folder, "up");
    Await.until("the first server is ready", () -> up.err().contains("redis ready"));
    List<ProcessHandle> descendants = up.process().descendants().toList();
    assertThat(descendants).isNotEmpty();

    up.process().destroyForcibly();

    up.awaitEnd();
    assertNothingIsLeft(descendants);
  }

  @Test
  void aServerThatDiesEndsTheCommandWithItsNameItsExitCodeAndItsLog() throws Exception {
    StackProcess up =
        StackProcess.start(folder, "up", "--only", "redis,dynamodb", "--format", "json").awaitUp();
    List<ProcessHandle> servers = up.servers();
    ProcessHandle redis = servers.get(1);

    redis.destroyForcibly();

    up.awaitEnd();
    assertThat(up.exitCode()).isEqualTo(1);
    assertThat(up.err())
        .contains("redis has ended with exit code 137")
        .contains("Ready to accept connections");
    assertThat(logNamedIn(up.err())).content().contains("Ready to accept connections");
    assertNothingIsLeft(servers);
  }

  /** The server named dynamodb is the model; dynoxide is its child. */
  @Test
  void aServerBehindTheModelThatDiesEndsTheCommandToo() throws Exception {
    StackProcess up =
        StackProcess.start(folder, "up", "--only", "dynamodb", "--format", "json").awaitUp();
    List<ProcessHandle> servers = up.serversAndTheirChildren();

    servers.stream().filter(NoOrphansIT::isDynoxide).forEach(ProcessHandle::destroyForcibly);

    up.awaitEnd();
    assertThat(up.exitCode()).isEqualTo(1);
    assertThat(up.err())
        .contains("dynamodb has ended with exit code 1")
        .contains("dynoxide has ended with exit code 137");
    assertNothingIsLeft(servers);
  }

  private static boolean isDynoxide(ProcessHandle process) {
    return process.info().command().orElse("").endsWith("/dynoxide");
  }

  @Test
  void aServerThatCannotStartEndsTheOthersAndNamesItsLog() throws Exception {
    Path home = homeWhoseKafkaIsEmpty();
    StackProcess up = StackProcess.start(folder, home, "up", "--only", "redis,kafka").awaitEnd();
    assertThat(up.exitCode()).isEqualTo(1);
    assertThat(up.out()).isEmpty();
    assertThat(up.err())
        .contains("kafka did not start: the process ended with exit code 1. Its log: ")
        .contains("Could not find or load main class")
        .doesNotContain("\tat ");
    assertThat(logNamedIn(up.err())).content().contains("Could not find or load main class");
    Await.until("the folder is gone", () -> StackProcess.leftIn(folder).isEmpty());
    assertThat(ProcessHandle.allProcesses().map(process -> process.info().commandLine()))
        .noneMatch(command -> command.orElse("").contains(folder.resolve("tmp") + "/dimstore"));
  }

  @Test
  void aLeftoverFolderIsRemovedAtTheNextStart() throws Exception {
    Path abandoned = folder.resolve("tmp").resolve("dimstore-stack-1-42");
    Files.createDirectories(abandoned.resolve("redis"));
    Files.createFile(abandoned.resolve("lock"));
    assertThat(abandoned.toFile().setLastModified(0)).isTrue();
    StackProcess up =
        StackProcess.start(folder, "up", "--only", "redis", "--format", "json").awaitUp();
    assertThat(abandoned).doesNotExist();
    StackProcess.signal(up.process().pid(), "TERM");
    up.awaitEnd();
  }

  private Path homeWhoseKafkaIsEmpty() throws IOException {
    Path home = folder.resolve("home");
    Path real = ProjectHome.find().resolve("local-stack");
    Path stack = Files.createDirectories(home.resolve("local-stack"));
    Files.createSymbolicLink(stack.resolve("redis-server"), real.resolve("redis-server"));
    Path classes = Files.createDirectories(stack.resolve("kafka-server/target/classes"));
    Files.writeString(classes.resolveSibling("classpath"), classes.toString());
    Files.copy(
        real.resolve("kafka-server/server.properties"),
        stack.resolve("kafka-server/server.properties"));
    return home;
  }

  private static Path logNamedIn(String message) {
    String rest = message.substring(message.indexOf("Its log: ") + "Its log: ".length());
    return Path.of(rest.lines().findFirst().orElseThrow());
  }

  private void assertNothingIsLeft(List<ProcessHandle> processes) {
    Await.until(
        "the processes have ended", () -> processes.stream().noneMatch(ProcessHandle::isAlive));
    Await.until("the folder is gone", () -> StackProcess.leftIn(folder).isEmpty());
  }
}
