// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.cli.ExitCodes;
import io.dimstore.writer.WriterMain;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs commands whose tables are declared in a pipe that is still empty. Reading declarations takes
 * seconds, since it loads Flink's planner. The servers are contacted before, so that an absent one
 * is reported within ten seconds of the start of the process.
 */
@Timeout(180)
class EarlyContactTest {

  private static final int ACCEPT_MILLIS = 60_000;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"check", "repair"})
  void theStoreIsContactedBeforeTheDeclarationsAreRead(String command) throws Exception {
    try (ServerSocket zooKeeper = silent()) {
      Path pipe = pipe();
      CompletableFuture<Integer> exitCode = start(args(command, zooKeeper, pipe));
      contacted(zooKeeper, pipe);
      assertThat(exitCode.get()).isEqualTo(ExitCodes.USAGE);
    }
  }

  @Test
  void aJobContactsKafkaAndTheStoreBeforeTheDeclarationsAreRead() throws Exception {
    try (ServerSocket zooKeeper = silent();
        ServerSocket kafka = silent()) {
      Path pipe = pipe();
      List<String> args = args("run", zooKeeper, pipe);
      args.add("--bootstrap=127.0.0.1:" + kafka.getLocalPort());
      CompletableFuture<Integer> exitCode = start(args);
      try (Socket broker = kafka.accept()) {
        contacted(zooKeeper, pipe);
      }
      assertThat(exitCode.get()).isEqualTo(ExitCodes.USAGE);
    }
  }

  /** Waits for a connection, then ends the command with declarations that are none. */
  private static void contacted(ServerSocket server, Path pipe) throws IOException {
    try (Socket first = server.accept()) {
      Files.writeString(pipe, "no SQL");
    }
  }

  private static List<String> args(String command, ServerSocket zooKeeper, Path pipe) {
    List<String> args = new ArrayList<>(List.of(command, "--store=hbase-redis", "--sql=" + pipe));
    AbsentServers.hbaseRedis("127.0.0.1:" + zooKeeper.getLocalPort(), AbsentServers.CLOSED)
        .forEach(option -> args.add("--store-option=" + option));
    return args;
  }

  private static CompletableFuture<Integer> start(List<String> args) {
    return CompletableFuture.supplyAsync(
        () ->
            WriterMain.commandLine()
                .setErr(new PrintWriter(new StringWriter()))
                .execute(args.toArray(String[]::new)),
        command -> {
          Thread thread = new Thread(command, "command");
          thread.setDaemon(true);
          thread.start();
        });
  }

  private static ServerSocket silent() throws IOException {
    ServerSocket silent = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
    silent.setSoTimeout(ACCEPT_MILLIS);
    return silent;
  }

  private Path pipe() throws IOException, InterruptedException {
    Path pipe = folder.resolve("tables.sql");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    return pipe;
  }
}
