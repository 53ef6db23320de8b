// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import io.dimstore.hbaseredis.internal.breaker.Breaker;
import io.dimstore.hbaseredis.internal.breaker.RequestPurpose;
import io.dimstore.hbaseredis.internal.breaker.SlowAnswers;
import io.dimstore.hbaseredis.internal.common.Meter;
import io.dimstore.hbaseredis.internal.options.HBaseRedisOptions;
import io.dimstore.hbaseredis.internal.script.ScriptCall;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics.Operation;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.BuilderFactory;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/**
 * The Redis servers of the cache: one master, which may be found through Sentinels, or a cluster.
 * Thread-safe. Only {@link #close} blocks.
 */
public interface RedisServers extends AutoCloseable {

  /**
   * Reads the values of these keys, with their tags. An element is null if the key does not exist,
   * or has another type or replication epoch. If the purpose is partial, it is also null if the
   * server of the key does not answer.
   */
  CompletableFuture<List<byte @Nullable []>> values(List<byte[]> names, RequestPurpose purpose);

  /**
   * Runs a script, in one or more calls that each handle some of the keys. If the purpose is
   * partial, some keys may have no answer.
   */
  <T> CompletableFuture<T> run(Operation operation, ScriptCall<T> call, RequestPurpose purpose);

  /** Whether requests of this purpose may be sent at all; if not, HBase can be read at once. */
  boolean allow(RequestPurpose purpose);

  /** Returns the breakers of all servers. */
  Collection<Breaker> breakers();

  /** Returns the rule by which answers are slow. */
  SlowAnswers slow();

  /** Returns how long to wait for a request, from its admission. */
  Duration timeout();

  /**
   * Returns the next page of key names.
   *
   * @param cursor the cursor of the previous page, {@link #START} for the first
   */
  CompletableFuture<Found> scan(
      String cursor, ScanParams params, int count, RequestPurpose purpose);

  /** Succeeds when every server answers. */
  CompletableFuture<Void> ping();

  /** Fails pending requests CLOSED, and returns when all connections and threads have ended. */
  @Override
  void close();

  /** The cursor of the first page; also the cursor after the last page. */
  String START = ScanParams.SCAN_POINTER_START;

  /** The regular expression that cursors match. */
  String CURSORS = "[0-9]{1,20}(@[^/ ]+)?";

  /**
   * One page of key names.
   *
   * @param names the names in Redis
   * @param cursor the cursor of the next page
   */
  record Found(List<byte[]> names, String cursor) {}

  /** The command that checks whether a server answers. */
  RedisCommand<Object> PING =
      RedisCommand.of(
          connection -> new CommandArguments(Protocol.Command.PING), (connection, pong) -> pong);

  /** Returns the command that reads one page of a server's key names. */
  static RedisCommand<Found> scan(
      String cursor, ScanParams params, Function<ScanResult<byte[]>, Found> found) {
    return RedisCommand.of(
        connection -> new CommandArguments(Protocol.Command.SCAN).add(cursor).addParams(params),
        (connection, reply) -> found.apply(BuilderFactory.SCAN_BINARY_RESPONSE.build(reply)));
  }

  /**
   * Returns the servers of the options. Connections are opened when requests need them.
   *
   * @throws StoreException INVALID if options are invalid or contradict each other
   */
  static RedisServers open(StoreConfig options, Meter meter) {
    String sentinels = options.find(HBaseRedisOptions.REDIS_SENTINELS);
    String cluster = options.find(HBaseRedisOptions.REDIS_CLUSTER);
    String host = options.find(HBaseRedisOptions.REDIS_HOST);
    long targets = Stream.of(sentinels, cluster, host).filter(target -> target != null).count();
    if (targets != 1) {
      throw StoreException.invalid(
          "Set one of the options 'redis.host', 'redis.sentinels' and 'redis.cluster'"
              + (targets == 0 ? "; none is set." : "; more than one is set."));
    }
    RedisLogin login = new RedisLogin(options);
    if (cluster != null) {
      List<HostAndPort> seeds = RedisLogin.addresses(HBaseRedisOptions.REDIS_CLUSTER, cluster);
      RedisSetup setup = RedisSetup.of(options, meter);
      return new ConfiguredServers(new RedisCluster(seeds, login, setup), setup);
    }
    RedisLogin.Master master =
        sentinels == null
            ? login.master(String.valueOf(host), options.get(HBaseRedisOptions.REDIS_PORT))
            : login.master(
                RedisLogin.addresses(HBaseRedisOptions.REDIS_SENTINELS, sentinels),
                options.get(HBaseRedisOptions.REDIS_SENTINEL_MASTER));
    RedisSetup setup = RedisSetup.of(options, meter);
    return new ConfiguredServers(new RedisMaster(master, setup), setup);
  }
}
