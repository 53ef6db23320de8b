package io.dimstore.hbaseredis;

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
 * The servers that hold the copies: one master, which may be known by its Sentinels, or a cluster.
 * Thread-safe; nothing here blocks a caller but {@link #close}.
 */
interface RedisServers extends AutoCloseable {

  /**
   * What these keys hold, with its tag, null where there is nothing that may be read, or, where the
   * demand is partial, where the server of the key does not answer.
   */
  CompletableFuture<List<byte @Nullable []>> values(List<byte[]> names, Demand demand);

  /**
   * Runs a script, which may be done in parts that each answer for some of the keys. Where the
   * demand is partial, keys may be without an answer.
   */
  CompletableFuture<List<ScriptCall.Answer>> run(
      Operation operation, ScriptCall call, Demand demand);

  /** Whether a request has any prospect: else HBase can be asked at once. */
  boolean allow(Demand demand);

  /** The breakers of all servers. */
  Collection<Breaker> breakers();

  /** The rule by which answers are slow. */
  SlowAnswers slow();

  /** How long a request is waited for. */
  Duration timeout();

  /**
   * Some of the keys.
   *
   * @param cursor where to go on, {@link #START} to begin with
   */
  CompletableFuture<Found> scan(String cursor, ScanParams params, int count, Demand demand);

  /** Succeeds when every server answers. */
  CompletableFuture<Void> ping();

  /** Fails what is under way CLOSED and returns when all connections and threads have ended. */
  @Override
  void close();

  /** The cursor that a scan begins with, and the one at its end. */
  String START = ScanParams.SCAN_POINTER_START;

  /** Form of the cursors. */
  String CURSORS = "[0-9]{1,20}(@[^/ ]+)?";

  /**
   * A part of the keys.
   *
   * @param names as they are in Redis
   * @param cursor where to go on
   */
  record Found(List<byte[]> names, String cursor) {}

  /** Succeeds when the server answers. */
  RedisCommand<Object> PING =
      RedisCommand.of(
          connection -> new CommandArguments(Protocol.Command.PING), (connection, pong) -> pong);

  /** Asks one server for some of its keys. */
  static RedisCommand<Found> scan(
      String cursor, ScanParams params, Function<ScanResult<byte[]>, Found> found) {
    return RedisCommand.of(
        connection -> new CommandArguments(Protocol.Command.SCAN).add(cursor).addParams(params),
        (connection, reply) -> found.apply(BuilderFactory.SCAN_BINARY_RESPONSE.build(reply)));
  }

  /**
   * The servers that the options name.
   *
   * @throws StoreException INVALID for options that do not fit together
   */
  static RedisServers open(StoreConfig options, Meter meter) {
    String sentinels = options.find(HBaseRedisOptions.REDIS_SENTINELS);
    String cluster = options.find(HBaseRedisOptions.REDIS_CLUSTER);
    String host = options.find(HBaseRedisOptions.REDIS_HOST);
    long ways = Stream.of(sentinels, cluster, host).filter(way -> way != null).count();
    if (ways != 1) {
      throw StoreException.invalid(
          "Set one of the options 'redis.host', 'redis.sentinels' and 'redis.cluster'"
              + (ways == 0 ? "; none is set." : "; more than one is set."));
    }
    RedisLogin login = new RedisLogin(options);
    if (cluster != null) {
      List<HostAndPort> seeds = RedisLogin.addresses(HBaseRedisOptions.REDIS_CLUSTER, cluster);
      return new RedisCluster(seeds, login, RedisSetup.of(options, meter));
    }
    RedisLogin.Master master =
        sentinels == null
            ? login.master(String.valueOf(host), options.get(HBaseRedisOptions.REDIS_PORT))
            : login.master(
                RedisLogin.addresses(HBaseRedisOptions.REDIS_SENTINELS, sentinels),
                options.get(HBaseRedisOptions.REDIS_SENTINEL_MASTER));
    return new RedisMaster(master, RedisSetup.of(options, meter));
  }
}
