// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import io.dimstore.hbaseredis.internal.script.ScriptCall;
import io.dimstore.hbaseredis.internal.script.Scripts;
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

/** An open connection to a master, and that master's {@link ReplicationEpoch}. Not thread-safe. */
final class RedisConnection {

  /** How long a connected server is assumed to have the same replication epoch. */
  private static final long TRUSTED_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Jedis jedis;
  private final Connection connection;
  private final ReplicationEpoch epoch;
  private final Set<Scripts> known = EnumSet.noneOf(Scripts.class);
  private long trustedAt;

  private RedisConnection(Jedis jedis, ReplicationEpoch epoch) {
    this.jedis = jedis;
    this.connection = jedis.getConnection();
    this.epoch = epoch;
    this.trustedAt = System.nanoTime();
  }

  /**
   * Wraps a connection to a master; closes it on failure.
   *
   * @throws StoreException UNAVAILABLE if the server is not a master
   */
  static RedisConnection of(Jedis jedis) {
    try {
      return new RedisConnection(jedis, ReplicationEpoch.of(jedis));
    } catch (RuntimeException e) {
      jedis.disconnect();
      throw e;
    }
  }

  /** Wraps a connection to a server of any role, for requests about the cluster only. */
  static RedisConnection ofAnyRole(Jedis jedis) {
    return new RedisConnection(jedis, ReplicationEpoch.NONE);
  }

  /**
   * Checks, at most once per second, that the server still has the same replication epoch.
   *
   * @throws JedisConnectionException if the epoch has changed
   */
  void requireSameEpoch() {
    long now = System.nanoTime();
    if (epoch == ReplicationEpoch.NONE || now - trustedAt < TRUSTED_NANOS) {
      return;
    }
    if (!epoch.isSame(ReplicationEpoch.of(jedis))) {
      throw new JedisConnectionException(
          "The replication id has changed: the server was" + " promoted or restarted");
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

  /** Reads the next reply; throws an error reply as an exception. */
  Object receive() {
    return connection.getOne();
  }

  /** Reads this many replies. Error replies are elements of the result. */
  List<@Nullable Object> receive(int replies) {
    return connection.getMany(replies);
  }

  /** Replaces each value of another replication epoch by null, in place, and returns the list. */
  @SuppressWarnings("unchecked")
  List<byte @Nullable []> values(Object reply) {
    List<byte @Nullable []> values = (List<byte @Nullable []>) reply;
    for (int i = 0; i < values.size(); i++) {
      byte[] value = values.get(i);
      if (value != null && !epoch.isOf(value)) {
        values.set(i, null);
      }
    }
    return values;
  }

  /** Whether a value has this master's replication epoch. */
  boolean isOfEpoch(byte[] value) {
    return epoch.isOf(value);
  }

  /**
   * Returns the command that runs a script on the keys from one position to another. The first use
   * of a script on this connection sends its text, later ones its name.
   */
  CommandArguments script(ScriptCall<?> call, int from, int to) {
    return script(call, from, to, !known.contains(call.script()));
  }

  /**
   * Returns the command that runs a script on the keys from one position to another.
   *
   * @param whole whether to send the script's text, which also loads it, instead of its name
   */
  CommandArguments script(ScriptCall<?> call, int from, int to, boolean whole) {
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
    command.add(epoch.tag());
    call.common().forEach(command::add);
    boolean leases = !call.leases().isEmpty();
    boolean values = !call.values().isEmpty();
    for (int i = from; i < to; i++) {
      if (leases) {
        command.add(call.leases().get(i));
      }
      if (values) {
        byte[] value = call.values().get(i);
        command.add(call.tagged() ? epoch.tagged(value) : value);
      }
    }
    return command;
  }

  /**
   * Makes the next use of each script send its text again, because the server no longer has the
   * scripts.
   */
  void forgetScripts() {
    known.clear();
  }

  void disconnect() {
    jedis.disconnect();
  }
}
