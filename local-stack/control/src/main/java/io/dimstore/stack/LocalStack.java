// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack;

import io.dimstore.stack.process.RunningServer;
import io.dimstore.stack.process.ServerExit;
import io.dimstore.stack.process.ServerRun;
import io.dimstore.stack.server.Endpoint;
import io.dimstore.stack.server.Server;
import io.dimstore.stack.server.StackException;
import io.dimstore.stack.server.StackFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A set of running servers. They run until {@link #close()}, but never outlive this JVM, however it
 * ends: their processes end and their folder is removed. Thread-safe.
 */
public final class LocalStack implements AutoCloseable {

  private final StackFolder folder;
  private final StackOptions options;
  private final Map<Server, RunningServer> servers = Collections.synchronizedMap(new TreeMap<>());
  private final List<Consumer<ServerExit>> listeners = new CopyOnWriteArrayList<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Thread hook = new Thread(this::end, "stack-shutdown");

  private LocalStack(StackFolder folder, StackOptions options) {
    this.folder = folder;
    this.options = options;
  }

  /**
   * Starts the servers with these ids, with the defaults of {@link StackOptions#of}.
   *
   * @throws StackException as in {@link #start(StackOptions)}
   */
  public static LocalStack start(String first, String... more) {
    return start(StackOptions.of(first, more));
  }

  /**
   * Starts the servers in parallel and waits until all can be used.
   *
   * @throws StackException if a port is taken, the class paths are not built or a server does not
   *     start; then no process and no folder is left, and the message names the server's log
   */
  public static LocalStack start(StackOptions options) {
    StackStarter starter = StackStarter.check(options);
    LocalStack stack = new LocalStack(StackFolder.create(), options);
    try {
      Runtime.getRuntime().addShutdownHook(stack.hook);
      starter.start(stack.folder.path(), stack::add);
    } catch (RuntimeException e) {
      boolean stopped = stack.closed.get();
      stack.close();
      throw stopped ? new StackException("The stack was stopped while it started.", e) : e;
    }
    return stack;
  }

  /** Adds a launched server, or ends it if the stack was closed meanwhile. */
  private void add(RunningServer launched) {
    synchronized (servers) {
      if (!closed.get()) {
        servers.put(launched.launched().server(), launched);
        return;
      }
    }
    launched.run().close();
    throw new StackException("The stack was stopped while it started.");
  }

  private List<RunningServer> running() {
    synchronized (servers) {
      return List.copyOf(servers.values());
    }
  }

  /** Returns the servers of this stack, including those that have ended. */
  public Set<Server> servers() {
    return Set.copyOf(servers.keySet());
  }

  /** Returns what kind of installation a server of this stack is, for reports. */
  public String description(Server server) {
    return options.description(server);
  }

  /** Returns the address of each server, in the order of {@link Server}. */
  public List<Endpoint> endpoints() {
    return running().stream().map(server -> server.launched().endpoint()).toList();
  }

  /**
   * Returns the address of a server.
   *
   * @throws IllegalStateException if the server is not part of this stack
   */
  public Endpoint endpoint(String server) {
    return running(server).launched().endpoint();
  }

  /**
   * Returns the address of HBase.
   *
   * @throws IllegalStateException if HBase is not part of this stack
   */
  public HBaseEndpoint hbase() {
    return new HBaseEndpoint(running("hbase").launched().port());
  }

  /** Returns the address of Kafka, with the same exception as {@link #hbase}. */
  public KafkaEndpoint kafka() {
    return new KafkaEndpoint(running("kafka").launched().port());
  }

  /** Returns the address of the local DynamoDB, with the same exception as {@link #hbase}. */
  public DynamoDbEndpoint dynamoDb() {
    return new DynamoDbEndpoint(endpoint("dynamodb"));
  }

  /**
   * Returns the address of Flink and its TaskManagers, with the same exception as {@link #hbase}.
   */
  public FlinkEndpoint flink() {
    String id =
        servers().stream()
            .map(Server::id)
            .filter(each -> each.startsWith(StackOptions.FLINK))
            .findFirst()
            .orElse(StackOptions.FLINK);
    return new FlinkEndpoint(endpoint(id).address(), running(id).launched().folder());
  }

  /** Returns the address of Redis, with the same exception as {@link #hbase}. */
  public RedisEndpoint redis() {
    return new RedisEndpoint(running("redis").launched().port());
  }

  /** Returns the server's current process. A {@link #restart} replaces it. */
  public ProcessHandle process(String server) {
    return running(server).run().process();
  }

  /** Returns the server's log, which is removed with the stack. */
  public Path log(String server) {
    return running(server).launched().log();
  }

  /** Returns whether the server's process runs. */
  public boolean isAlive(String server) {
    return running(server).run().isAlive();
  }

  /** Kills the server's process, as a crash would, and waits until it has ended. */
  public void kill(String server) {
    running(server).run().kill();
  }

  /**
   * Starts the server again on the same port with the data it has on disk. Kills it first if it
   * runs. Redis and DynamoDB keep nothing on disk and are empty afterwards.
   *
   * @throws StackException if it does not start
   */
  public void restart(String server) {
    RunningServer running = running(server);
    if (running.run().isAlive()) {
      running.run().kill();
    }
    running.restart();
    listeners.forEach(listener -> watch(running.run(), listener));
    try {
      running.run().awaitReady(options.timeout());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackException("Interrupted while " + server + " started.", e);
    }
  }

  /**
   * Calls the listener whenever a server's process ends other than by {@link #close()}. For a
   * server that has already ended, it is called at once. The listener runs on a thread of the stack
   * and must not block it.
   */
  public void onExit(Consumer<ServerExit> listener) {
    listeners.add(listener);
    running().forEach(running -> watch(running.run(), listener));
  }

  /**
   * Checks that all servers run.
   *
   * @throws StackException naming the server that has ended, its exit code and its log
   */
  public void check() {
    for (RunningServer running : running()) {
      if (!running.run().isAlive() && !closed.get()) {
        throw new StackException(running.run().report().message());
      }
    }
  }

  /** Ends all servers and removes their folder. Calling it again changes nothing. */
  @Override
  public void close() {
    end();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is shutting down. The hook then finds a closed stack and does nothing.
    }
  }

  private void end() {
    List<RunningServer> left;
    synchronized (servers) {
      left = closed.getAndSet(true) ? List.of() : running();
    }
    if (!left.isEmpty() || Files.exists(folder.path())) {
      left.forEach(running -> running.run().release());
      left.forEach(running -> running.run().close());
      try {
        folder.remove();
      } catch (IOException e) {
        options.progress().accept("the folder " + folder.path() + " could not be removed: " + e);
      }
    }
  }

  private void watch(ServerRun run, Consumer<ServerExit> listener) {
    run.exit()
        .thenRunAsync(
            () -> {
              if (!closed.get()) {
                listener.accept(run.report());
              }
            });
  }

  private RunningServer running(String server) {
    return running().stream()
        .filter(running -> running.launched().server().id().equals(server))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    server
                        + " is not part of this stack, which has "
                        + servers().stream().map(Server::id).sorted().toList()));
  }
}
