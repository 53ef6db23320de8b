// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack;

import io.dimstore.stack.process.Launch;
import io.dimstore.stack.process.Ports;
import io.dimstore.stack.process.RunningServer;
import io.dimstore.stack.process.ServerCommand;
import io.dimstore.stack.server.ProjectHome;
import io.dimstore.stack.server.Server;
import io.dimstore.stack.server.ServerModule;
import io.dimstore.stack.server.StackException;
import io.dimstore.stack.server.StackFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Starts the servers of one stack in parallel and waits until all can be used. */
final class StackStarter {

  private static final int ATTEMPTS = 3;

  private final StackOptions options;
  private final Path home;
  private final Ports ports = new Ports();

  private StackStarter(StackOptions options, Path home) {
    this.options = options;
    this.home = home;
  }

  /**
   * Checks what can be checked before a server is started: class paths, fixed ports, and a server
   * that the user runs.
   */
  static StackStarter check(StackOptions options) {
    Path home = ProjectHome.find();
    options.servers().stream()
        .sorted()
        .map(server -> ServerModule.of(home, server.id()))
        .forEach(module -> ServerCommand.check(home, module));
    options
        .ports()
        .forEach(
            (server, port) -> {
              if (!Ports.isFree(port)) {
                throw new StackException(
                    "Port %d, wanted for %s, is taken. Choose another port, or leave it out for a free one."
                        .formatted(port, server.id()));
              }
            });
    options.requireDynamoDb();
    StackFolder.removeStale();
    return new StackStarter(options, home);
  }

  /**
   * Starts each server in its own folder below the given one. Every process is passed to {@code
   * launched} as soon as it exists. After a failure the receiver has to end those processes.
   */
  void start(Path folder, Consumer<RunningServer> launched) {
    List<Server> servers = options.servers().stream().sorted().toList();
    long start = System.nanoTime();
    say("starting " + String.join(", ", servers.stream().map(Server::id).toList()));
    ExecutorService threads = Executors.newFixedThreadPool(servers.size());
    try {
      CompletionService<Server> starts = new ExecutorCompletionService<>(threads);
      for (Server server : servers) {
        starts.submit(() -> startOne(server, folder.resolve(server.id()), launched));
      }
      for (int ready = 1; ready <= servers.size(); ready++) {
        Server server = starts.take().get();
        say(
            "%s ready after %s s (%d of %d)"
                .formatted(server.id(), seconds(start), ready, servers.size()));
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof StackException known
          ? known
          : new StackException("The stack did not start: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackException("Interrupted while the stack started.", e);
    } finally {
      threads.shutdownNow();
      awaitEnd(threads);
    }
  }

  private Server startOne(Server server, Path folder, Consumer<RunningServer> launched)
      throws IOException, InterruptedException {
    ServerModule module = ServerModule.of(home, server.id());
    Integer fixed = options.ports().get(server);
    for (int attempt = 1; ; attempt++) {
      Files.createDirectories(folder);
      int port = fixed != null ? fixed : ports.free();
      List<Integer> inner =
          IntStream.range(0, module.innerPorts()).mapToObj(i -> ports.free()).toList();
      RunningServer started =
          RunningServer.launch(
              new Launch(
                  module,
                  home,
                  folder,
                  port,
                  inner,
                  module.runsOnHdfs() ? options.regionServers() : 0,
                  options.environment(),
                  options.classPath(server)));
      launched.accept(started);
      try {
        started.run().awaitReady(options.timeout());
        return server;
      } catch (StackException e) {
        if (fixed != null || attempt == ATTEMPTS || !started.run().lostItsPort()) {
          throw e;
        }
        // Another process took the port between the check and the server's start, so other ports
        // are tried.
        started.run().leave();
      }
    }
  }

  /** Waits up to a minute for the interrupted threads, so that no server starts afterwards. */
  private static void awaitEnd(ExecutorService threads) {
    try {
      if (!threads.awaitTermination(1, TimeUnit.MINUTES)) {
        throw new StackException("The start of a server did not stop within a minute.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void say(String line) {
    options.progress().accept(line);
  }

  private static String seconds(long start) {
    return String.format(Locale.ROOT, "%.1f", (System.nanoTime() - start) / 1e9);
  }
}
