package io.dimstore.hbaseredis;

import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics.Operation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisMovedDataException;
import redis.clients.jedis.exceptions.JedisNoScriptException;
import redis.clients.jedis.exceptions.JedisRedirectionException;

/**
 * Commands of one key each, divided among the masters that have the keys. What a node sends
 * elsewhere is asked there: for good where the slot has moved (MOVED), this once where it is on its
 * way (ASK). Sent once.
 */
final class ClusterBatch {

  /** Stands for the answer of a key whose node gave none, where that is all right. */
  static final Object NO_ANSWER = new Object();

  private static final int REDIRECTIONS = 5;

  private final ClusterTopology topology;
  private final Operation operation;
  private final List<byte[]> names;
  private final Demand demand;
  private final KeyCommands commands;

  /** Filled in by different lanes, each for its own keys. */
  private final @Nullable Object[] answers;

  /** The text that would have made a script known may have gone to a node that sent it on. */
  private volatile boolean whole;

  /**
   * A batch that is yet to be sent.
   *
   * @param names the keys
   * @param demand where it is partial, keys of nodes that fail have {@link #NO_ANSWER}
   */
  ClusterBatch(
      ClusterTopology topology,
      Operation operation,
      List<byte[]> names,
      Demand demand,
      KeyCommands commands) {
    this.topology = topology;
    this.operation = operation;
    this.names = names;
    this.demand = demand;
    this.commands = commands;
    this.answers = new @Nullable Object[names.size()];
  }

  /** What is sent for each key, by its position, and what comes back. Thread-safe. */
  interface KeyCommands {

    /**
     * What is sent for a key.
     *
     * @param asText whether a script must go as its text, also where the node may know it
     */
    CommandArguments command(RedisConnection connection, int key, boolean asText);

    /** What a reply stands for; may be a failure, which fails the batch. */
    @Nullable Object answer(RedisConnection connection, @Nullable Object reply);

    /** How many bytes are told to the metrics for a key. */
    long bytes(int key);

    /** How many bytes are sent for a key. */
    long size(int key);
  }

  /**
   * Asks all masters at once, each with one round trip.
   *
   * @return completes when every key has its answer, or {@link #NO_ANSWER}; fails where none has
   */
  CompletableFuture<Void> send() {
    if (!demand.allows(topology.breaker())) {
      return CompletableFuture.failedFuture(topology.notInUse());
    }
    return topology
        .slots()
        .whenComplete((known, failure) -> ofCluster(failure))
        .thenCompose(this::send);
  }

  /** A failure that is no node's own. */
  private void ofCluster(@Nullable Throwable failure) {
    if (failure != null) {
      topology.breaker().failed(demand.use(), Failures.of("Redis", failure));
    }
  }

  private CompletableFuture<Void> send(ClusterSlots known) {
    Map<HostAndPort, List<Integer>> parts = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      HostAndPort master = known.find(names.get(i));
      if (master != null) {
        parts.computeIfAbsent(master, node -> new ArrayList<>()).add(i);
        continue;
      }
      StoreException nobody = ClusterSlots.noOwner(names.get(i));
      if (!demand.isPartial() || parts.isEmpty() && i == names.size() - 1) {
        ofCluster(nobody);
        return CompletableFuture.failedFuture(nobody);
      }
      answers[i] = NO_ANSWER;
    }
    List<CompletableFuture<Void>> sent = new ArrayList<>(parts.size());
    parts.forEach((node, keys) -> sent.add(send(node, keys, false, 0)));
    return demand.isPartial() ? anyOf(sent, parts) : all(sent);
  }

  private static CompletableFuture<Void> all(List<CompletableFuture<Void>> parts) {
    return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new));
  }

  /** Waits for all parts, and fails where each of them failed or the store is closed. */
  private CompletableFuture<Void> anyOf(
      List<CompletableFuture<Void>> sent, Map<HostAndPort, List<Integer>> parts) {
    List<List<Integer>> keys = List.copyOf(parts.values());
    return all(sent)
        .exceptionallyCompose(
            failure -> {
              int failed = 0;
              for (int i = 0; i < sent.size(); i++) {
                if (sent.get(i).isCompletedExceptionally()) {
                  failed++;
                  keys.get(i).forEach(key -> answers[key] = NO_ANSWER);
                }
              }
              StoreException known = StoreException.find(failure);
              boolean isOver = known != null && known.kind() == Kind.CLOSED;
              return failed == sent.size() || isOver
                  ? CompletableFuture.failedFuture(failure)
                  : CompletableFuture.completedFuture(null);
            });
  }

  /** The answers in the order of the keys, once all are there. Not to be changed. */
  @Nullable Object[] answers() {
    return answers;
  }

  private CompletableFuture<Void> send(
      HostAndPort node, List<Integer> some, boolean asking, int redirections) {
    int[] keys = some.stream().mapToInt(Integer::intValue).toArray();
    return topology
        .lanes(node)
        .send(
            operation,
            keys.length,
            IntStream.of(keys).mapToLong(commands::bytes).sum(),
            IntStream.of(keys).mapToLong(commands::size).sum(),
            demand,
            part(keys, asking))
        .whenComplete((told, failure) -> topology.failed(failure))
        .thenCompose(told -> follow(node, keys, told, redirections));
  }

  /** All commands of some keys; a redirection stands in an answer's place. */
  private RedisCommand<List<@Nullable Object>> part(int[] keys, boolean asking) {
    int each = asking ? 2 : 1;
    return new RedisCommand<>() {
      @Override
      public void send(RedisConnection connection) {
        boolean asText = whole;
        for (int key : keys) {
          if (asking) {
            connection.send(new CommandArguments(Protocol.Command.ASKING));
          }
          connection.send(commands.command(connection, key, asText));
        }
      }

      @Override
      public List<@Nullable Object> receive(RedisConnection connection) {
        List<@Nullable Object> received = connection.receive(each * keys.length);
        List<@Nullable Object> told = new ArrayList<>(keys.length);
        for (int i = each - 1; i < received.size(); i += each) {
          Object answer = commands.answer(connection, received.get(i));
          if (answer instanceof JedisDataException failure
              && !(answer instanceof JedisRedirectionException)) {
            if (failure instanceof JedisNoScriptException) {
              whole = true;
            }
            throw failure;
          }
          told.add(answer);
        }
        return told;
      }
    };
  }

  /** Keeps the answers, and asks again elsewhere where a node says so. */
  private CompletableFuture<Void> follow(
      HostAndPort from, int[] keys, List<@Nullable Object> told, int redirections) {
    Map<HostAndPort, List<Integer>> moved = new HashMap<>();
    Map<HostAndPort, List<Integer>> asked = new HashMap<>();
    for (int i = 0; i < keys.length; i++) {
      Object answer = told.get(i);
      if (answer instanceof JedisRedirectionException elsewhere) {
        (answer instanceof JedisMovedDataException ? moved : asked)
            .computeIfAbsent(
                ClusterSlots.address(
                    elsewhere.getTargetNode().getHost(), elsewhere.getTargetNode().getPort(), from),
                node -> new ArrayList<>())
            .add(keys[i]);
      } else {
        answers[keys[i]] = answer;
      }
    }
    if (moved.isEmpty() && asked.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    if (redirections == REDIRECTIONS) {
      StoreException circle =
          new StoreException(Kind.UNAVAILABLE, "Redis: the cluster redirects in a circle");
      ofCluster(circle);
      return CompletableFuture.failedFuture(circle);
    }
    if (!moved.isEmpty()) {
      topology.refresh();
    }
    List<CompletableFuture<Void>> sent = new ArrayList<>();
    moved.forEach((node, some) -> sent.add(send(node, some, false, redirections + 1)));
    asked.forEach((node, some) -> sent.add(send(node, some, true, redirections + 1)));
    return CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new));
  }
}
