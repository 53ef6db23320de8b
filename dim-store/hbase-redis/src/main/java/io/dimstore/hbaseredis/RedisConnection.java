package io.dimstore.hbaseredis;

import io.dimstore.spi.StoreException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** An open connection to a master, and that master's {@link Reign}. For one lane's thread. */
final class RedisConnection {

  /** How long a server that stays connected is taken for the same master. */
  private static final long TRUSTED_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Jedis jedis;
  private final Connection connection;
  private final Reign reign;
  private final Set<Scripts> known = EnumSet.noneOf(Scripts.class);
  private long trustedAt;

  private RedisConnection(Jedis jedis, Reign reign) {
    this.jedis = jedis;
    this.connection = jedis.getConnection();
    this.reign = reign;
    this.trustedAt = System.nanoTime();
  }

  /**
   * Takes over a connection to a master.
   *
   * @throws StoreException UNAVAILABLE where it is none
   */
  static RedisConnection of(Jedis jedis) {
    try {
      return new RedisConnection(jedis, Reign.of(jedis));
    } catch (RuntimeException e) {
      jedis.disconnect();
      throw e;
    }
  }

  /** Takes over a connection that is to be asked about the cluster alone. */
  static RedisConnection ofAnyRole(Jedis jedis) {
    return new RedisConnection(jedis, Reign.NONE);
  }

  /** Asks now and then whether the server still is the master that it was. */
  void requireSameReign() {
    long now = System.nanoTime();
    if (reign == Reign.NONE || now - trustedAt < TRUSTED_NANOS) {
      return;
    }
    if (!reign.isSame(Reign.of(jedis))) {
      throw new JedisConnectionException("The server has become master anew");
    }
    trustedAt = now;
  }

  HostAndPort address() {
    return connection.getHostAndPort();
  }

  /** Writes a command. */
  void send(CommandArguments command) {
    connection.sendCommand(command);
  }

  /** Reads the reply of the first command that has none yet; a failure is thrown. */
  Object receive() {
    return connection.getOne();
  }

  /** Reads so many replies; failures stand among them. */
  List<@Nullable Object> receive(int replies) {
    return connection.getMany(replies);
  }

  /** Puts null in the place of each value that is not of this reign, and gives the list back. */
  @SuppressWarnings("unchecked")
  List<byte @Nullable []> values(Object reply) {
    List<byte @Nullable []> values = (List<byte @Nullable []>) reply;
    for (int i = 0; i < values.size(); i++) {
      byte[] value = values.get(i);
      if (value != null && !reign.isOf(value)) {
        values.set(i, null);
      }
    }
    return values;
  }

  /** Whether a value is of this reign. */
  boolean isOfReign(byte[] value) {
    return reign.isOf(value);
  }

  /** The command that runs a script on some keys, all at once. */
  CommandArguments script(ScriptCall call, int from, int to) {
    return script(call, from, to, !known.contains(call.script()));
  }

  /**
   * The command that runs a script on some keys, all at once.
   *
   * @param whole whether to send its text, which makes it known, and not its name
   */
  CommandArguments script(ScriptCall call, int from, int to, boolean whole) {
    Scripts script = call.script();
    if (whole) {
      known.add(script);
    }
    CommandArguments command =
        whole
            ? new CommandArguments(Protocol.Command.EVAL).add(script.source())
            : new CommandArguments(Protocol.Command.EVALSHA).add(script.sha());
    command.add(to - from);
    for (int i = from; i < to; i++) {
      command.add(call.names().get(i));
    }
    command.add(reign.tag());
    call.common().forEach(command::add);
    boolean leases = !call.leases().isEmpty();
    boolean values = !call.values().isEmpty();
    for (int i = from; i < to; i++) {
      if (leases) {
        command.add(call.leases().get(i));
      }
      if (values) {
        byte[] value = call.values().get(i);
        command.add(call.tagged() ? reign.tagged(value) : value);
      }
    }
    return command;
  }

  /** Has scripts sent whole again: the server was told to forget them. */
  void forgetScripts() {
    known.clear();
  }

  void disconnect() {
    jedis.disconnect();
  }
}
