package io.dimstore.hbaseredis;

import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics.Operation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisMovedDataException;
import redis.clients.jedis.exceptions.JedisNoScriptException;
import redis.clients.jedis.exceptions.JedisRedirectionException;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/**
 * A cluster: a batch is divided among the masters that have its keys, each asked at once with one
 * round trip of a command for each key, and what a node sends elsewhere is asked there. Which
 * master has what is asked for anew after a redirection, a failure and at each {@link #ping}.
 * Thread-safe.
 */
final class RedisCluster implements RedisServers {

  private static final int REDIRECTIONS = 5;

  private final List<HostAndPort> seeds;
  private final RedisLogin login;
  private final Meter meter;
  private final int connections;
  private final Map<HostAndPort, RedisLanes> masters = new HashMap<>();
  private final RedisLanes scout;
  private volatile @Nullable ClusterSlots slots;
  private @Nullable CompletableFuture<ClusterSlots> search;
  private boolean closed;

  RedisCluster(List<HostAndPort> seeds, RedisLogin login, StoreConfig options, Meter meter) {
    this.seeds = seeds;
    this.login = login;
    this.meter = meter;
    this.connections = options.get(HBaseRedisOptions.REDIS_CONNECTIONS);
    this.scout = new RedisLanes("cluster-", 1, this::anyNode, meter);
  }

  @Override
  public CompletableFuture<List<byte @Nullable []>> values(
      List<byte[]> names, RedisLanes.Useful useful) {
    Batch batch =
        new Batch(Operation.GET, names, useful) {
          @Override
          CommandArguments command(RedisConnection connection, int key) {
            return new CommandArguments(Protocol.Command.GET).add(names.get(key));
          }

          @Override
          @Nullable Object answer(RedisConnection connection, @Nullable Object reply) {
            if (reply instanceof JedisDataException failure && isOtherType(failure)) {
              return null;
            }
            return reply instanceof byte[] value && !connection.isOfReign(value) ? null : reply;
          }

          @Override
          long bytes(int key) {
            return names.get(key).length;
          }
        };
    return send(batch)
        .thenApply(
            done -> {
              List<byte @Nullable []> values = new ArrayList<>(names.size());
              for (Object reply : batch.replies) {
                values.add((byte[]) reply);
              }
              return values;
            });
  }

  @Override
  public CompletableFuture<List<ScriptCall.Answer>> run(
      Operation operation, ScriptCall call, RedisLanes.Useful useful) {
    Batch batch =
        new Batch(operation, call.names(), useful) {
          @Override
          CommandArguments command(RedisConnection connection, int key) {
            return whole
                ? connection.script(call, key, key + 1, true)
                : connection.script(call, key, key + 1);
          }

          @Override
          @Nullable Object answer(RedisConnection connection, @Nullable Object reply) {
            return reply;
          }

          @Override
          long bytes(int key) {
            return call.bytes(key, key + 1);
          }
        };
    return send(batch)
        .thenApply(
            done -> {
              List<ScriptCall.Answer> answers = new ArrayList<>(batch.replies.length);
              for (int i = 0; i < batch.replies.length; i++) {
                answers.add(new ScriptCall.Answer(new int[] {i}, batch.replies[i]));
              }
              return answers;
            });
  }

  /** Commands that each have one key, and their replies, which different lanes fill in. */
  private abstract static class Batch {
    final Operation operation;
    final List<byte[]> names;
    final RedisLanes.Useful useful;
    final Object[] replies;

    /** The text that would have made a script known may have gone to a node that sent it on. */
    volatile boolean whole;

    Batch(Operation operation, List<byte[]> names, RedisLanes.Useful useful) {
      this.operation = operation;
      this.names = names;
      this.useful = useful;
      this.replies = new Object[names.size()];
    }

    /** What is sent for a key. */
    abstract CommandArguments command(RedisConnection connection, int key);

    /** What a reply stands for; may be a failure, which fails the request. */
    abstract @Nullable Object answer(RedisConnection connection, @Nullable Object reply);

    abstract long bytes(int key);

    /** All commands of some keys; a redirection stands in a reply's place. */
    RedisCommand<List<@Nullable Object>> commands(int[] keys, boolean asking) {
      int each = asking ? 2 : 1;
      return new RedisCommand<>() {
        @Override
        public void send(RedisConnection connection) {
          for (int key : keys) {
            if (asking) {
              connection.send(new CommandArguments(Protocol.Command.ASKING));
            }
            connection.send(command(connection, key));
          }
        }

        @Override
        public List<@Nullable Object> receive(RedisConnection connection) {
          List<@Nullable Object> replies = connection.receive(each * keys.length);
          List<@Nullable Object> answers = new ArrayList<>(keys.length);
          for (int i = each - 1; i < replies.size(); i += each) {
            Object answer = answer(connection, replies.get(i));
            if (answer instanceof JedisDataException failure
                && !(answer instanceof JedisRedirectionException)) {
              if (failure instanceof JedisNoScriptException) {
                whole = true;
              }
              throw failure;
            }
            answers.add(answer);
          }
          return answers;
        }
      };
    }
  }

  private static boolean isOtherType(JedisDataException failure) {
    return String.valueOf(failure.getMessage()).startsWith("WRONGTYPE");
  }

  private CompletableFuture<Void> send(Batch batch) {
    return slots()
        .thenCompose(
            known -> {
              Map<HostAndPort, List<Integer>> parts = new HashMap<>();
              for (int i = 0; i < batch.names.size(); i++) {
                parts
                    .computeIfAbsent(known.master(batch.names.get(i)), node -> new ArrayList<>())
                    .add(i);
              }
              List<CompletableFuture<Void>> sent = new ArrayList<>(parts.size());
              parts.forEach((node, keys) -> sent.add(send(batch, node, keys, false, 0)));
              return CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new));
            });
  }

  private CompletableFuture<Void> send(
      Batch batch, HostAndPort node, List<Integer> some, boolean asking, int redirections) {
    int[] keys = some.stream().mapToInt(Integer::intValue).toArray();
    return lanes(node)
        .send(
            batch.operation,
            keys.length,
            IntStream.of(keys).mapToLong(batch::bytes).sum(),
            batch.useful,
            batch.commands(keys, asking))
        .whenComplete((replies, failure) -> forgetIfAway(failure))
        .thenCompose(replies -> follow(batch, node, keys, replies, redirections));
  }

  /** Keeps the replies, and asks again elsewhere where a node says so. */
  private CompletableFuture<Void> follow(
      Batch batch, HostAndPort from, int[] keys, List<@Nullable Object> replies, int redirections) {
    Map<HostAndPort, List<Integer>> moved = new HashMap<>();
    Map<HostAndPort, List<Integer>> asked = new HashMap<>();
    for (int i = 0; i < keys.length; i++) {
      Object reply = replies.get(i);
      if (reply instanceof JedisRedirectionException elsewhere) {
        (reply instanceof JedisMovedDataException ? moved : asked)
            .computeIfAbsent(
                ClusterSlots.address(
                    elsewhere.getTargetNode().getHost(), elsewhere.getTargetNode().getPort(), from),
                node -> new ArrayList<>())
            .add(keys[i]);
      } else {
        batch.replies[keys[i]] = reply;
      }
    }
    if (moved.isEmpty() && asked.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    if (redirections == REDIRECTIONS) {
      return CompletableFuture.failedFuture(
          new StoreException(Kind.UNAVAILABLE, "Redis: the cluster redirects in a circle"));
    }
    if (!moved.isEmpty()) {
      slots = null;
    }
    List<CompletableFuture<Void>> sent = new ArrayList<>();
    moved.forEach((node, some) -> sent.add(send(batch, node, some, false, redirections + 1)));
    asked.forEach((node, some) -> sent.add(send(batch, node, some, true, redirections + 1)));
    return CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new));
  }

  private void forgetIfAway(@Nullable Throwable failure) {
    StoreException known = StoreException.find(failure);
    if (known != null && (known.kind() == Kind.UNAVAILABLE || known.kind() == Kind.TIMEOUT)) {
      slots = null;
    }
  }

  /** Node by node in the order of their addresses: {@code cursor@address}. */
  @Override
  public CompletableFuture<Found> scan(
      String cursor, ScanParams params, int count, RedisLanes.Useful useful) {
    return slots()
        .thenCompose(
            known -> {
              SortedSet<String> addresses = known.addresses();
              int at = cursor.indexOf('@');
              String address = at < 0 ? addresses.first() : cursor.substring(at + 1);
              if (!addresses.contains(address)) {
                throw noMaster(address);
              }
              String inNode = at < 0 ? cursor : cursor.substring(0, at);
              return lanes(HostAndPort.from(address))
                  .send(
                      Operation.SCAN,
                      count,
                      0,
                      useful,
                      RedisServers.scan(inNode, params, part -> found(part, address, addresses)));
            })
        .whenComplete((found, failure) -> forgetIfAway(failure));
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
    slots = null;
    return slots()
        .thenCompose(
            known ->
                CompletableFuture.allOf(
                    known.masters().stream()
                        .map(
                            node ->
                                lanes(node)
                                    .send(Operation.ADMIN, 0, 0, () -> true, RedisServers.PING))
                        .toArray(CompletableFuture[]::new)));
  }

  /** Which master has what; asked for once, however many wait for it. */
  private CompletableFuture<ClusterSlots> slots() {
    ClusterSlots known = slots;
    if (known != null) {
      return CompletableFuture.completedFuture(known);
    }
    CompletableFuture<ClusterSlots> mine = new CompletableFuture<>();
    synchronized (this) {
      if (search != null) {
        return search;
      }
      search = mine;
    }
    scout
        .send(Operation.ADMIN, 0, 0, () -> true, ClusterSlots.COMMAND)
        .whenComplete(
            (found, failure) -> {
              Map<HostAndPort, RedisLanes> gone = Map.of();
              synchronized (this) {
                search = null;
                if (failure == null) {
                  slots = found;
                  gone = retired(found);
                }
              }
              gone.forEach((node, lanes) -> lanes.stop(noMaster(node.toString())));
              if (failure == null) {
                mine.complete(found);
              } else {
                mine.completeExceptionally(failure);
              }
            });
    return mine;
  }

  private Map<HostAndPort, RedisLanes> retired(ClusterSlots now) {
    Map<HostAndPort, RedisLanes> gone = new HashMap<>(masters);
    gone.keySet().removeAll(now.masters());
    masters.keySet().retainAll(now.masters());
    return gone;
  }

  private static StoreException noMaster(String address) {
    return new StoreException(
        Kind.UNAVAILABLE, "Redis: " + address + " is no master of the cluster any more");
  }

  private synchronized RedisLanes lanes(HostAndPort node) {
    if (closed) {
      throw RedisLanes.closedException();
    }
    return masters.computeIfAbsent(
        node,
        address -> new RedisLanes(address + "-", connections, () -> login.connect(address), meter));
  }

  /** The first that answers of the nodes that are known, the options' ones last. */
  private RedisConnection anyNode() {
    Map<String, HostAndPort> nodes = new TreeMap<>();
    synchronized (this) {
      masters.keySet().forEach(node -> nodes.put(node.toString(), node));
    }
    seeds.forEach(node -> nodes.putIfAbsent(node.toString(), node));
    RuntimeException last = null;
    for (HostAndPort node : nodes.values()) {
      try {
        Jedis open = login.open(node);
        return RedisConnection.ofAnyRole(open);
      } catch (RuntimeException e) {
        last = e;
      }
    }
    throw last == null ? new JedisConnectionException("The cluster has no node") : last;
  }

  @Override
  public void close() {
    List<RedisLanes> open;
    synchronized (this) {
      closed = true;
      open = new ArrayList<>(masters.values());
      masters.clear();
    }
    open.forEach(lanes -> lanes.stop(RedisLanes.closedException()));
    scout.close();
    open.forEach(RedisLanes::close);
  }
}
