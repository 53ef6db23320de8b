package io.dimstore.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Starts the servers of one stack side by side: all of them, or none. */
final class StackStarter {

  private final StackOptions options;
  private final Ports ports = new Ports();
  private final Map<Server, RunningServer> running = new EnumMap<>(Server.class);

  StackStarter(StackOptions options) {
    this.options = options;
  }

  LocalStack start() {
    Path home = ProjectHome.find();
    List<Server> servers = options.servers().stream().sorted().toList();
    servers.forEach(server -> ServerClassPath.read(home, server));
    options.ports().forEach(StackStarter::requireFree);

    long start = System.nanoTime();
    Path folder = StackFolder.create();
    ExecutorService threads = Executors.newFixedThreadPool(servers.size());
    try {
      say("starting " + String.join(", ", servers.stream().map(Server::id).toList()));
      CompletionService<Server> starts = new ExecutorCompletionService<>(threads);
      for (Server server : servers) {
        starts.submit(() -> startOne(server, home, folder));
      }
      for (int ready = 1; ready <= servers.size(); ready++) {
        Server server = starts.take().get();
        say(
            "%s ready after %s s (%d of %d)"
                .formatted(server.id(), seconds(start), ready, servers.size()));
      }
      return new LocalStack(folder, options, running);
    } catch (ExecutionException e) {
      undo(threads, folder);
      throw e.getCause() instanceof StackException known
          ? known
          : new StackException("The stack did not start: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      undo(threads, folder);
      Thread.currentThread().interrupt();
      throw new StackException("Interrupted while the stack started.", e);
    } finally {
      threads.shutdownNow();
    }
  }

  private Server startOne(Server server, Path home, Path folder)
      throws IOException, InterruptedException {
    Path own = Files.createDirectories(folder.resolve(server.id()));
    Integer fixed = options.ports().get(server);
    Launch launch =
        new Launch(server, home, own, fixed != null ? fixed : ports.free(), ports.free());
    RunningServer started = RunningServer.launch(launch);
    synchronized (running) {
      running.put(server, started);
    }
    started.awaitReady(options.timeout());
    return server;
  }

  /** Ends what was started; the other starts notice by the interrupt or by their process's end. */
  private void undo(ExecutorService threads, Path folder) {
    threads.shutdownNow();
    awaitEnd(threads);
    synchronized (running) {
      running.values().forEach(RunningServer::release);
      running.values().forEach(RunningServer::close);
    }
    try {
      StackFolder.remove(folder);
    } catch (IOException e) {
      say("the folder " + folder + " could not be removed: " + e);
    }
  }

  private static void awaitEnd(ExecutorService threads) {
    boolean interrupted = false;
    while (true) {
      try {
        if (threads.awaitTermination(1, TimeUnit.MINUTES)) {
          break;
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void say(String line) {
    options.progress().accept(line);
  }

  private static void requireFree(Server server, int port) {
    if (!Ports.isFree(port)) {
      throw new StackException(
          "Port %d, wanted for %s, is taken. Choose another one, or none to have a free one found."
              .formatted(port, server.id()));
    }
  }

  private static String seconds(long start) {
    return String.format(Locale.ROOT, "%.1f", (System.nanoTime() - start) / 1e9);
  }
}
