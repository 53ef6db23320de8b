// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import io.dimstore.hbaseredis.internal.breaker.RequestPurpose;
import io.dimstore.hbaseredis.internal.common.Failures;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics.Operation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
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
 * Commands of one key each, divided among the masters that hold the keys. Redirections are
 * followed: MOVED also refreshes the slot map, ASK applies to this request only. An instance can be
 * sent once.
 */
final class ClusterBatch {

  /** Stands for the missing answer of a key whose node failed, if the purpose is partial. */
  static final Object NO_ANSWER = new Object();

  private static final int REDIRECTIONS = 5;

  private final ClusterTopology topology;
  private final Operation operation;
  private final List<byte[]> names;
  private final RequestPurpose purpose;
  private final KeyCommands commands;

  /** Different threads set different elements. */
  private final @Nullable Object[] answers;

  /**
   * Whether scripts are sent as their text. Set after NOSCRIPT: the text that should have loaded
   * the script may have been sent to a node that redirected it.
   */
  private volatile boolean whole;

  /**
   * Creates a batch that has not been sent.
   *
   * @param names the names of the keys
   * @param purpose if it is partial, keys of nodes that fail get {@link #NO_ANSWER}
   */
  ClusterBatch(
      ClusterTopology topology,
      Operation operation,
      List<byte[]> names,
      RequestPurpose purpose,
      KeyCommands commands) {
    this.topology = topology;
    this.operation = operation;
    this.names = names;
    this.purpose = purpose;
    this.commands = commands;
    this.answers = new @Nullable Object[names.size()];
  }

  /**
   * Creates the command for each key, given by its position, and decodes the reply. Thread-safe.
   */
  interface KeyCommands {

    /**
     * Returns the command for a key.
     *
     * @param asText whether a script must be sent as its text, even if the node may have loaded it
     */
    CommandArguments command(RedisConnection connection, int key, boolean asText);

    /** Decodes a reply. The result may be a failure, which fails the batch. */
    @Nullable Object answer(RedisConnection connection, @Nullable Object reply);

    /** Returns the bytes that the metrics report for a key. */
    long bytes(int key);

    /** Returns the bytes that are sent for a key. */
    long size(int key);
  }

  /**
   * Sends the batch to all masters at once, with one round trip to each.
   *
   * @return completes when every key has its answer or {@link #NO_ANSWER}; fails if a part fails
   *     and the purpose is not partial, or if all parts fail
   */
  CompletableFuture<Void> send() {
    if (!purpose.allows(topology.breaker())) {
      return CompletableFuture.failedFuture(topology.notInUse());
    }
    return topology
        .slots()
        .whenComplete((known, failure) -> ofCluster(failure))
        .thenCompose(this::send);
  }

  /** Reports a failure that concerns the cluster and not a single node to the cluster's breaker. */
  private void ofCluster(@Nullable Throwable failure) {
    if (failure != null) {
      topology.breaker().failed(purpose.use(), Failures.of("Redis", failure));
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
      if (!purpose.isPartial() || (parts.isEmpty() && i == names.size() - 1)) {
        ofCluster(nobody);
        return CompletableFuture.failedFuture(nobody);
      }
      answers[i] = NO_ANSWER;
    }
    List<CompletableFuture<Void>> sent = new ArrayList<>(parts.size());
    parts.forEach((node, keys) -> sent.add(send(node, topology.connections(node), keys, false, 0)));
    return purpose.isPartial() ? anyOf(sent, parts) : all(sent);
  }

  private static CompletableFuture<Void> all(List<CompletableFuture<Void>> parts) {
    return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new));
  }

  /** Waits for all parts. Fails if all of them failed or the store is closed. */
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

  /**
   * Returns the answers in the order of the keys, after {@link #send} has completed. Not to be
   * changed.
   */
  @Nullable Object[] answers() {
    return answers;
  }

  private CompletableFuture<Void> send(
      HostAndPort node,
      ServerConnections connections,
      List<Integer> some,
      boolean asking,
      int redirections) {
    int[] keys = some.stream().mapToInt(Integer::intValue).toArray();
    return connections
        .send(
            operation,
            keys.length,
            IntStream.of(keys).mapToLong(commands::bytes).sum(),
            IntStream.of(keys).mapToLong(commands::size).sum(),
            purpose,
            part(keys, asking))
        .whenComplete((decoded, failure) -> topology.failed(failure))
        .handle(
            (decoded, failure) ->
                failure == null
                    ? follow(node, keys, decoded, redirections)
                    : resend(node, connections, keys, failure, redirections))
        .thenCompose(Function.identity());
  }

  /**
   * Sends keys again if their node left the cluster meanwhile, for whatever reason their requests
   * failed. Other masters hold the keys now, and no breaker in use has learned of the failure.
   */
  private CompletableFuture<Void> resend(
      HostAndPort node,
      ServerConnections connections,
      int[] keys,
      Throwable failure,
      int redirections) {
    if (topology.isInUse(node, connections)) {
      return CompletableFuture.failedFuture(failure);
    }
    if (redirections == REDIRECTIONS) {
      ofCluster(failure);
      return CompletableFuture.failedFuture(failure);
    }
    return topology
        .slots()
        .whenComplete((known, missing) -> ofCluster(missing))
        .thenCompose(known -> sendToSuccessors(known, keys, redirections + 1));
  }

  private CompletableFuture<Void> sendToSuccessors(
      ClusterSlots known, int[] keys, int redirections) {
    Map<HostAndPort, List<Integer>> parts = new HashMap<>();
    for (int key : keys) {
      HostAndPort successor = known.find(names.get(key));
      if (successor == null) {
        StoreException nobody = ClusterSlots.noOwner(names.get(key));
        ofCluster(nobody);
        return CompletableFuture.failedFuture(nobody);
      }
      parts.computeIfAbsent(successor, node -> new ArrayList<>()).add(key);
    }
    List<CompletableFuture<Void>> sent = new ArrayList<>(parts.size());
    parts.forEach(
        (node, some) ->
            sent.add(send(node, topology.connections(node), some, false, redirections)));
    return all(sent);
  }

  /**
   * Returns the request with the commands of some keys. In its answer, a redirection takes the
   * place of a key's answer.
   */
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
        List<@Nullable Object> decoded = new ArrayList<>(keys.length);
        for (int i = each - 1; i < received.size(); i += each) {
          Object answer = commands.answer(connection, received.get(i));
          if (answer instanceof JedisDataException failure
              && !(answer instanceof JedisRedirectionException)) {
            if (failure instanceof JedisNoScriptException) {
              whole = true;
            }
            throw failure;
          }
          decoded.add(answer);
        }
        return decoded;
      }
    };
  }

  /** Stores the answers, and sends redirected keys to the nodes that the redirections name. */
  private CompletableFuture<Void> follow(
      HostAndPort from, int[] keys, List<@Nullable Object> decoded, int redirections) {
    Map<HostAndPort, List<Integer>> moved = new HashMap<>();
    Map<HostAndPort, List<Integer>> asked = new HashMap<>();
    for (int i = 0; i < keys.length; i++) {
      Object answer = decoded.get(i);
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
    moved.forEach((node, some) -> sent.add(redirect(node, some, false, redirections + 1)));
    asked.forEach((node, some) -> sent.add(redirect(node, some, true, redirections + 1)));
    return CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new));
  }

  private CompletableFuture<Void> redirect(
      HostAndPort node, List<Integer> some, boolean asking, int redirections) {
    return send(node, topology.redirected(node), some, asking, redirections);
  }
}
