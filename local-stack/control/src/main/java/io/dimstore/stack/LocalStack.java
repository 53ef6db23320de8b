package io.dimstore.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Running servers. They live until {@link #close()}, and no longer than this JVM however that ends:
 * their processes and their folder go with it. Thread-safe.
 */
public final class LocalStack implements AutoCloseable {

  private final StackFolder folder;
  private final StackOptions options;
  private final Map<Server, RunningServer> servers =
      Collections.synchronizedMap(new EnumMap<>(Server.class));
  private final List<Consumer<ServerExit>> listeners = new CopyOnWriteArrayList<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Thread hook = new Thread(this::end, "stack-shutdown");

  private LocalStack(StackFolder folder, StackOptions options) {
    this.folder = folder;
    this.options = options;
  }

  /**
   * Starts these servers with the defaults of {@link StackOptions#of}.
   *
   * @throws StackException as {@link #start(StackOptions)} does
   */
  public static LocalStack start(Server first, Server... more) {
    List<Server> all = new ArrayList<>(List.of(more));
    all.add(first);
    return start(StackOptions.of(Set.copyOf(all)));
  }

  /**
   * Starts the servers at the same time and waits until all can be used.
   *
   * @throws StackException when a port is taken, the class paths are not built or a server does not
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

  /** Takes over a server that was launched, or ends it when the stack is over already. */
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

  /** The servers of this stack, also those that have ended meanwhile. */
  public Set<Server> servers() {
    return Set.copyOf(servers.keySet());
  }

  /** Where each server is reached, in the order of {@link Server}. */
  public List<Endpoint> endpoints() {
    return running().stream().map(server -> server.launched().endpoint()).toList();
  }

  /**
   * Where HBase is reached.
   *
   * @throws IllegalStateException when it is not part of this stack; so for the others below
   */
  public HBaseEndpoint hbase() {
    return new HBaseEndpoint(running(Server.HBASE).launched().port());
  }

  /** Where Kafka is reached. */
  public KafkaEndpoint kafka() {
    return new KafkaEndpoint(running(Server.KAFKA).launched().port());
  }

  /** Where DynamoDB Local is reached. */
  public DynamoDbEndpoint dynamoDb() {
    return new DynamoDbEndpoint(running(Server.DYNAMODB).launched().port());
  }

  /** Where Redis is reached. */
  public RedisEndpoint redis() {
    return new RedisEndpoint(running(Server.REDIS).launched().port());
  }

  /** The server's own process: its id, its CPU time. After a {@link #restart} it is another one. */
  public ProcessHandle process(Server server) {
    return running(server).run().process();
  }

  /** The server's log; it goes with the stack. */
  public Path log(Server server) {
    return running(server).launched().log();
  }

  /** Whether the server's process runs. */
  public boolean isAlive(Server server) {
    return running(server).run().isAlive();
  }

  /** Ends the server's process at once, as a crash would, and waits until it is gone. */
  public void kill(Server server) {
    running(server).run().kill();
  }

  /**
   * Starts the server again, after killing it if it runs, on the same port, with what it had on
   * disk: Redis and DynamoDB Local, which keep nothing there, are empty then.
   *
   * @throws StackException when it does not start
   */
  public void restart(Server server) {
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
      throw new StackException("Interrupted while " + server.id() + " started.", e);
    }
  }

  /**
   * Calls the listener whenever a server's process ends other than by {@link #close()}; at once for
   * one that has ended already. It runs on a thread of the stack, which it must not hold up.
   */
  public void onExit(Consumer<ServerExit> listener) {
    listeners.add(listener);
    running().forEach(running -> watch(running.run(), listener));
  }

  /**
   * Passes when all servers run.
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
      // The JVM is going down, and the hook finds nothing left to do.
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

  private RunningServer running(Server server) {
    RunningServer running = servers.get(server);
    if (running == null) {
      throw new IllegalStateException(
          server.id() + " is not part of this stack, which has " + servers.keySet());
    }
    return running;
  }
}
