// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import io.dimstore.hbaseredis.internal.breaker.Breaker;
import io.dimstore.hbaseredis.internal.breaker.RequestPurpose;
import io.dimstore.hbaseredis.internal.redis.RedisServers.Found;
import io.dimstore.hbaseredis.internal.script.ScriptCall;
import io.dimstore.spi.StoreMetrics.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/**
 * A Redis Cluster. A batch is divided among the masters that hold its keys; each gets one pipeline
 * with a command for each key, all at the same time. Redirections are followed. The slot map is
 * requested again after a redirection, after a failure and at each {@link #ping}. Each node has a
 * breaker of its own, so a slow node affects only its own keys. Thread-safe.
 */
final class RedisCluster implements RedisNodes {

  private final ClusterTopology topology;

  RedisCluster(List<HostAndPort> seeds, RedisLogin login, RedisSetup setup) {
    this.topology = new ClusterTopology(seeds, login, setup);
  }

  @Override
  public CompletableFuture<List<byte @Nullable []>> values(
      List<byte[]> names, RequestPurpose purpose) {
    ClusterBatch batch =
        new ClusterBatch(topology, Operation.GET, names, purpose, new Values(names));
    return batch
        .send()
        .thenApply(
            done -> {
              List<byte @Nullable []> values = new ArrayList<>(names.size());
              for (Object value : batch.answers()) {
                values.add(value == ClusterBatch.NO_ANSWER ? null : (byte[]) value);
              }
              return values;
            });
  }

  /**
   * Reads values. A key of another type, or whose value has another replication epoch, counts as
   * missing.
   */
  private record Values(List<byte[]> names) implements ClusterBatch.KeyCommands {

    @Override
    public CommandArguments command(RedisConnection connection, int key, boolean asText) {
      return new CommandArguments(Protocol.Command.GET).add(names.get(key));
    }

    @Override
    public @Nullable Object answer(RedisConnection connection, @Nullable Object reply) {
      if (reply instanceof JedisDataException failure && isOtherType(failure)) {
        return null;
      }
      return reply instanceof byte[] value && !connection.isOfEpoch(value) ? null : reply;
    }

    @Override
    public long bytes(int key) {
      return names.get(key).length;
    }

    @Override
    public long size(int key) {
      return names.get(key).length;
    }

    private static boolean isOtherType(JedisDataException failure) {
      return String.valueOf(failure.getMessage()).startsWith("WRONGTYPE");
    }
  }

  @Override
  public <T> CompletableFuture<T> run(
      Operation operation, ScriptCall<T> call, RequestPurpose purpose) {
    ClusterBatch batch =
        new ClusterBatch(topology, operation, call.names(), purpose, new ScriptRuns(call));
    return batch
        .send()
        .thenApply(
            done -> {
              @Nullable Object[] values = batch.answers();
              List<ScriptCall.Answer> answers = new ArrayList<>(values.length);
              for (int i = 0; i < values.length; i++) {
                if (values[i] != ClusterBatch.NO_ANSWER) {
                  answers.add(new ScriptCall.Answer(new int[] {i}, values[i]));
                }
              }
              return call.meaning().apply(answers);
            });
  }

  /**
   * Runs a script with one key each, because a node runs a script only if it holds all its keys.
   */
  private record ScriptRuns(ScriptCall<?> call) implements ClusterBatch.KeyCommands {

    @Override
    public CommandArguments command(RedisConnection connection, int key, boolean asText) {
      return asText
          ? connection.script(call, key, key + 1, true)
          : connection.script(call, key, key + 1);
    }

    @Override
    public @Nullable Object answer(RedisConnection connection, @Nullable Object reply) {
      return reply;
    }

    @Override
    public long bytes(int key) {
      return call.bytes(key, key + 1);
    }

    @Override
    public long size(int key) {
      return call.size(key, key + 1);
    }
  }

  /**
   * Scans one node after another, in the order of their addresses. A cursor is {@code
   * cursor@address}.
   */
  @Override
  public CompletableFuture<Found> scan(
      String cursor, ScanParams params, int count, RequestPurpose purpose) {
    return topology
        .slots()
        .thenCompose(
            known -> {
              SortedSet<String> addresses = known.addresses();
              int at = cursor.indexOf('@');
              String address = at < 0 ? addresses.first() : cursor.substring(at + 1);
              if (!addresses.contains(address)) {
                throw ClusterTopology.noMaster(address);
              }
              String inNode = at < 0 ? cursor : cursor.substring(0, at);
              return topology
                  .connections(HostAndPort.from(address))
                  .send(
                      Operation.SCAN,
                      count,
                      0,
                      0,
                      purpose,
                      RedisServers.scan(inNode, params, part -> found(part, address, addresses)));
            })
        .whenComplete((found, failure) -> topology.failed(failure));
  }

  private static Found found(ScanResult<byte[]> part, String address, SortedSet<String> addresses) {
    if (!part.getCursor().equals(RedisServers.START)) {
      return new Found(part.getResult(), part.getCursor() + "@" + address);
    }
    // The next node is the first one after this address.
    SortedSet<String> rest = addresses.tailSet(address + "\0");
    return new Found(
        part.getResult(),
        rest.isEmpty() ? RedisServers.START : RedisServers.START + "@" + rest.first());
  }

  @Override
  public CompletableFuture<Void> ping() {
    return topology
        .search()
        .thenCompose(
            known ->
                CompletableFuture.allOf(
                    known.masters().stream()
                        .map(
                            node ->
                                topology
                                    .connections(node)
                                    .send(
                                        Operation.ADMIN,
                                        0,
                                        0,
                                        0,
                                        RequestPurpose.probe(),
                                        RedisServers.PING))
                        .toArray(CompletableFuture[]::new)));
  }

  @Override
  public Breaker breaker() {
    return topology.breaker();
  }

  @Override
  public void close() {
    topology.close();
  }
}
