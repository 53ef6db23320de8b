package io.dimstore.hbaseredis;

import io.dimstore.spi.StoreMetrics.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
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
 * A cluster: a batch is divided among the masters that have its keys, each asked at once with one
 * round trip of a command for each key, and what a node sends elsewhere is asked there. Which
 * master has what is asked for anew after a redirection, a failure and at each {@link #ping}. Each
 * node has a breaker of its own, so that a slow one costs its own keys alone. Thread-safe.
 */
final class RedisCluster implements RedisServers {

  private final RedisSetup setup;
  private final ClusterTopology topology;

  RedisCluster(List<HostAndPort> seeds, RedisLogin login, RedisSetup setup) {
    this.setup = setup;
    this.topology = new ClusterTopology(seeds, login, setup);
  }

  @Override
  public CompletableFuture<List<byte @Nullable []>> values(List<byte[]> names, Demand demand) {
    ClusterBatch batch =
        new ClusterBatch(topology, Operation.GET, names, demand, new Values(names));
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

  /** A key of another type, or with a value of another reign, has none. */
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
      return reply instanceof byte[] value && !connection.isOfReign(value) ? null : reply;
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
  public CompletableFuture<List<ScriptCall.Answer>> run(
      Operation operation, ScriptCall call, Demand demand) {
    ClusterBatch batch =
        new ClusterBatch(topology, operation, call.names(), demand, new ScriptRuns(call));
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
              return answers;
            });
  }

  /** A script for one key alone: a node runs none whose keys it does not all have. */
  private record ScriptRuns(ScriptCall call) implements ClusterBatch.KeyCommands {

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

  /** Node by node in the order of their addresses: {@code cursor@address}. */
  @Override
  public CompletableFuture<Found> scan(String cursor, ScanParams params, int count, Demand demand) {
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
                  .lanes(HostAndPort.from(address))
                  .send(
                      Operation.SCAN,
                      count,
                      0,
                      0,
                      demand,
                      RedisServers.scan(inNode, params, part -> found(part, address, addresses)));
            })
        .whenComplete((found, failure) -> topology.failed(failure));
  }

  private static Found found(ScanResult<byte[]> part, String address, SortedSet<String> addresses) {
    if (!part.getCursor().equals(START)) {
      return new Found(part.getResult(), part.getCursor() + "@" + address);
    }
    // The next address is the first one behind this one.
    SortedSet<String> rest = addresses.tailSet(address + "\0");
    return new Found(part.getResult(), rest.isEmpty() ? START : START + "@" + rest.first());
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
                                    .lanes(node)
                                    .send(
                                        Operation.ADMIN,
                                        0,
                                        0,
                                        0,
                                        Demand.probe(),
                                        RedisServers.PING))
                        .toArray(CompletableFuture[]::new)));
  }

  @Override
  public boolean allow(Demand demand) {
    return demand.allows(topology.breaker());
  }

  @Override
  public Collection<Breaker> breakers() {
    return setup.breakers().current();
  }

  @Override
  public SlowAnswers slow() {
    return setup.slow();
  }

  @Override
  public Duration timeout() {
    return setup.timeout();
  }

  @Override
  public void close() {
    topology.close();
    setup.timer().close();
  }
}
