// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import io.dimstore.hbaseredis.internal.common.Failures;
import io.dimstore.hbaseredis.internal.options.HBaseRedisOptions;
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

/**
 * Opens connections to Redis with the user, password, TLS and timeouts of the options. Thread-safe.
 */
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
      secure(builder, tls);
    }
    return builder.build();
  }

  @SuppressWarnings(
      "deprecation") // Its successor, SslOptions, takes files and not a socket factory.
  private static void secure(DefaultJedisClientConfig.Builder builder, RedisTls tls) {
    builder.ssl(true).sslSocketFactory(tls.sockets()).sslParameters(tls.parameters());
  }

  /**
   * Returns the timeout in milliseconds. The client takes an int, and treats 0 as no timeout, so
   * both bounds are checked.
   */
  private static int timeout(StoreConfig options) {
    long millis = options.get(HBaseRedisOptions.REDIS_TIMEOUT).toMillis();
    if (millis < 1 || millis > Integer.MAX_VALUE) {
      throw StoreException.invalid("Option 'redis.timeout' must be from 1 ms to 24 d.");
    }
    return (int) millis;
  }

  /** Parses the addresses in an option's value. */
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
                + "' does not have the form host:port; separate several addresses by commas.");
      }
    }
    return addresses;
  }

  /** Finds the current master and opens a connection to it. */
  @FunctionalInterface
  interface Master {
    RedisConnection connect();
  }

  /** Returns a master with a fixed address. */
  Master master(String host, int port) {
    HostAndPort address = new HostAndPort(host, port);
    return () -> connect(address);
  }

  /** Returns a master that is found through Sentinels each time that a connection is opened. */
  Master master(List<HostAndPort> known, String name) {
    AtomicInteger first = new AtomicInteger();
    return () -> connect(find(known, first, name));
  }

  RedisConnection connect(HostAndPort address) {
    return RedisConnection.of(open(address));
  }

  /**
   * Opens a connection to a server of any role.
   *
   * @throws StoreException DENIED or INVALID if another attempt would fail too, or TIMEOUT if the
   *     server does not answer the TLS handshake
   * @throws JedisConnectionException if another attempt may succeed
   */
  Jedis open(HostAndPort address) {
    return open(address, servers, SERVER);
  }

  private Jedis open(HostAndPort address, JedisClientConfig config, String server) {
    RedisTls usedTls = config.isSsl() ? tls : null;
    RedisSockets sockets = new RedisSockets(address, config, usedTls);
    try {
      return new Jedis(sockets, config);
    } catch (RuntimeException e) {
      StoreException translated = Failures.of(server + " " + address, e);
      if (translated.kind() == Kind.DENIED || translated.kind() == Kind.INVALID) {
        throw translated;
      }
      if (usedTls != null && isSilent(e)) {
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
          && translated.kind() == Kind.UNAVAILABLE
          && sockets.haveConnected()) {
        // A server that expects TLS, or a client certificate, often just closes the connection.
        throw new JedisConnectionException(
            address
                + " ends the connection at once ("
                + e.getMessage()
                + (usedTls == null
                    ? "); option '" + Failures.tlsOption(server) + "' is false: does it speak TLS?"
                    : "); if it asks for a certificate that it knows, see option"
                        + " 'redis.tls.keystore'"),
            e);
      }
      throw e;
    }
  }

  /** Whether the TLS handshake timed out, as it does if the server does not use TLS. */
  private static boolean isSilent(RuntimeException failure) {
    return failure.getCause() instanceof SocketTimeoutException silent
        && String.valueOf(silent.getMessage()).startsWith("Read");
  }

  /**
   * Asks the Sentinels for the master, one after another. Begins with the one that answered last.
   */
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
          "Option 'redis.sentinel.master': the Sentinels "
              + known
              + " do not know a master '"
              + name
              + "'.");
    }
    StoreException why = last == null ? null : Failures.of(Failures.SENTINEL, last);
    throw new StoreException(
        why == null ? Kind.UNAVAILABLE : why.kind(),
        "Redis: none of the Sentinels "
            + known
            + " answers"
            + (why == null ? "" : "; " + why.getMessage()),
        last);
  }
}
