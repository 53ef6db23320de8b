package io.dimstore.hbaseredis;

import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreOption;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** Who logs in to Redis, how, and with how much patience, by the options. Thread-safe. */
final class RedisLogin {

  private static final String SERVER = "Redis";

  private final JedisClientConfig servers;
  private final JedisClientConfig sentinels;
  private final @Nullable RedisTls tls;

  RedisLogin(StoreConfig options) {
    this.tls = RedisTls.of(options);
    this.servers =
        config(
            options,
            RedisTls.ofServers(options) ? tls : null,
            HBaseRedisOptions.REDIS_USER,
            HBaseRedisOptions.REDIS_PASSWORD);
    this.sentinels =
        config(
            options,
            RedisTls.ofSentinels(options) ? tls : null,
            HBaseRedisOptions.REDIS_SENTINEL_USER,
            HBaseRedisOptions.REDIS_SENTINEL_PASSWORD);
  }

  private static JedisClientConfig config(
      StoreConfig options,
      @Nullable RedisTls tls,
      StoreOption<String> userOption,
      StoreOption<String> passwordOption) {
    String user = options.find(userOption);
    String password = options.find(passwordOption);
    if (user != null && password == null) {
      throw StoreException.invalid(
          "Option '" + userOption.name() + "' needs '" + passwordOption.name() + "'.");
    }
    int timeout = timeout(options);
    DefaultJedisClientConfig.Builder builder =
        DefaultJedisClientConfig.builder()
            .connectionTimeoutMillis(timeout)
            .socketTimeoutMillis(timeout)
            .clientName("dimstore")
            .resp2();
    if (user != null) {
      builder.user(user);
    }
    if (password != null) {
      builder.password(password);
    }
    if (tls != null) {
      builder.ssl(true).sslSocketFactory(tls.sockets()).sslParameters(tls.parameters());
    }
    return builder.build();
  }

  /** In milliseconds: the client takes 0 for no bound at all, and an int. */
  private static int timeout(StoreConfig options) {
    long millis = options.get(HBaseRedisOptions.REDIS_TIMEOUT).toMillis();
    if (millis < 1 || millis > Integer.MAX_VALUE) {
      throw StoreException.invalid("Option 'redis.timeout' must be from 1 ms to 24 d.");
    }
    return (int) millis;
  }

  /** The addresses of an option's value. */
  static List<HostAndPort> addresses(StoreOption<String> option, String value) {
    List<HostAndPort> addresses = new ArrayList<>();
    for (String address : value.split(",", -1)) {
      try {
        addresses.add(HostAndPort.from(address.strip()));
      } catch (RuntimeException e) {
        throw StoreException.invalid(
            "Option '"
                + option.name()
                + "': '"
                + address.strip()
                + "' is no host:port; several are separated by commas.");
      }
    }
    return addresses;
  }

  /** Where the master is now; a new connection each time. */
  @FunctionalInterface
  interface Master {
    RedisConnection connect();
  }

  /** The master that stays where it is. */
  Master master(String host, int port) {
    HostAndPort address = new HostAndPort(host, port);
    return () -> connect(address);
  }

  /** The master that Sentinels know under a name. */
  Master master(List<HostAndPort> known, String name) {
    AtomicInteger first = new AtomicInteger();
    return () -> connect(find(known, first, name));
  }

  RedisConnection connect(HostAndPort address) {
    return RedisConnection.of(open(address));
  }

  /**
   * A connection to a server of any role.
   *
   * @throws StoreException where the server, or we, want none
   * @throws JedisConnectionException where another attempt may do
   */
  Jedis open(HostAndPort address) {
    return open(address, servers, SERVER);
  }

  private Jedis open(HostAndPort address, JedisClientConfig config, String server) {
    RedisTls spoken = config.isSsl() ? tls : null;
    RedisSockets sockets = new RedisSockets(address, config, spoken);
    try {
      return new Jedis(sockets, config);
    } catch (RuntimeException e) {
      StoreException told = Failures.of(server + " " + address, e);
      if (told.kind() == Kind.DENIED || told.kind() == Kind.INVALID) {
        throw told;
      }
      if (spoken != null && isSilent(e)) {
        throw new StoreException(
            Kind.TIMEOUT,
            server
                + ": "
                + address
                + " is silent; option '"
                + Failures.tlsOption(server)
                + "' is true: does it speak TLS?",
            e);
      }
      if (e instanceof JedisConnectionException
          && told.kind() == Kind.UNAVAILABLE
          && sockets.haveConnected()) {
        // A server that wants another way of speaking mostly says so by ending the connection.
        throw new JedisConnectionException(
            address
                + " ends the connection at once ("
                + e.getMessage()
                + (spoken == null
                    ? "); option '" + Failures.tlsOption(server) + "' is false: does it speak TLS?"
                    : "); if it asks for a certificate that it knows, see option"
                        + " 'redis.tls.keystore'"),
            e);
      }
      throw e;
    }
  }

  /** Whether TLS waits for an answer that does not come: a server that speaks none does so. */
  private static boolean isSilent(RuntimeException failure) {
    return failure.getCause() instanceof SocketTimeoutException silent
        && String.valueOf(silent.getMessage()).startsWith("Read");
  }

  /** Asks one Sentinel after another, and remembers the one that knew. */
  private HostAndPort find(List<HostAndPort> known, AtomicInteger first, String name) {
    int start = first.get();
    RuntimeException last = null;
    boolean unknown = false;
    for (int i = 0; i < known.size(); i++) {
      int at = (start + i) % known.size();
      try (Jedis sentinel = open(known.get(at), sentinels, Failures.SENTINEL)) {
        List<String> master = sentinel.sentinelGetMasterAddrByName(name);
        if (master != null) {
          first.set(at);
          return new HostAndPort(master.get(0), Integer.parseInt(master.get(1)));
        }
        unknown = true;
      } catch (RuntimeException e) {
        last = e;
      }
    }
    if (unknown) {
      throw StoreException.invalid(
          "Option 'redis.sentinel.master': the Sentinels " + known + " know no '" + name + "'.");
    }
    StoreException why = last == null ? null : Failures.of(Failures.SENTINEL, last);
    throw new StoreException(
        why == null ? Kind.UNAVAILABLE : why.kind(),
        "Redis: of the Sentinels "
            + known
            + " none answers"
            + (why == null ? "" : "; " + why.getMessage()),
        last);
  }
}
