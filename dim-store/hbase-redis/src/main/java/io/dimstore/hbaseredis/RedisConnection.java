package io.dimstore.hbaseredis;

import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisNoScriptException;
import redis.clients.jedis.exceptions.JedisRedirectionException;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/**
 * An open connection to a master, and that master's <em>reign</em>: a tag of every value of ours.
 * Redis gives a master another replication id when it is promoted and when it starts, so values
 * from before carry another tag, and nobody takes them for answers: a replica that is promoted, or
 * a server that comes back with what it had on disk, may lack the last writes. For one lane's
 * thread.
 */
final class RedisConnection {

  /** How long a server that stays connected is taken for the same master. */
  private static final long TRUSTED_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final int REIGN_BYTES = 8;

  private final Jedis jedis;
  private final byte[] reign;
  private final byte[] lastField;
  private long trustedAt;

  private RedisConnection(Jedis jedis, byte[] reign) {
    this.jedis = jedis;
    this.reign = reign;
    this.lastField =
        Utf8.encode(",\"" + TextEntries.REIGN + "\":\"" + HexFormat.of().formatHex(reign) + "\"}");
    this.trustedAt = System.nanoTime();
  }

  /**
   * Takes over a connection to a master.
   *
   * @throws StoreException UNAVAILABLE where it is none
   */
  static RedisConnection of(Jedis jedis) {
    try {
      return new RedisConnection(jedis, reign(jedis));
    } catch (RuntimeException e) {
      jedis.disconnect();
      throw e;
    }
  }

  /** Takes over a connection that is to be asked about the cluster alone. */
  static RedisConnection ofAnyRole(Jedis jedis) {
    return new RedisConnection(jedis, new byte[0]);
  }

  /** Asks now and then whether the server still is the master that it was. */
  void requireSameReign() {
    long now = System.nanoTime();
    if (reign.length == 0 || now - trustedAt < TRUSTED_NANOS) {
      return;
    }
    if (!Arrays.equals(reign, reign(jedis))) {
      throw new JedisConnectionException("The server has become master anew");
    }
    trustedAt = now;
  }

  /** The tag of a server by what it says of its replication. */
  static byte[] reign(Jedis jedis) {
    String info = jedis.info("replication");
    String role = field(info, "role");
    if (!role.equals("master")) {
      throw new StoreException(
          Kind.UNAVAILABLE, "Redis: " + address(jedis) + " is no master, its role is " + role);
    }
    return HexFormat.of().parseHex(field(info, "master_replid").substring(0, 2 * REIGN_BYTES));
  }

  private static String field(String info, String name) {
    return info.lines()
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1))
        .findFirst()
        .orElseThrow(
            () ->
                new StoreException(
                    Kind.INVALID, "Redis: INFO replication has no " + name + "; is it Redis 6?"));
  }

  private static String address(Jedis jedis) {
    return String.valueOf(jedis.getConnection().getHostAndPort());
  }

  ClusterSlots clusterSlots() {
    return ClusterSlots.of(jedis.clusterSlots(), jedis.getConnection().getHostAndPort());
  }

  boolean ping() {
    return jedis.ping() != null;
  }

  ScanResult<byte[]> scan(String cursor, ScanParams params) {
    return jedis.scan(Utf8.encode(cursor), params);
  }

  /** What these keys hold from this reign. */
  List<byte @Nullable []> values(byte[][] names) {
    List<byte[]> found = jedis.mget(names);
    List<byte @Nullable []> values = new ArrayList<>(found.size());
    for (byte[] value : found) {
      values.add(value(value));
    }
    return values;
  }

  /** The value without its tag, null where it is of another reign or of none. */
  byte @Nullable [] value(byte @Nullable [] tagged) {
    if (tagged == null) {
      return null;
    }
    // JSON ends with a field for the tag, everything else with the tag itself.
    boolean json = tagged.length > 0 && tagged[0] == '{';
    byte[] tag = json ? lastField : reign;
    int length = tagged.length - tag.length;
    if (length < 0 || !Arrays.equals(tagged, length, tagged.length, tag, 0, tag.length)) {
      return null;
    }
    if (!json) {
      return Arrays.copyOf(tagged, length);
    }
    byte[] value = Arrays.copyOf(tagged, length + 1);
    value[length] = '}';
    return value;
  }

  /** Runs a script on some keys, all at once. */
  Object run(ScriptCall call, int from, int to) {
    List<byte[]> names = call.names().subList(from, to);
    List<byte[]> arguments = call.arguments(reign, from, to);
    try {
      return jedis.evalsha(call.script().sha(), names, arguments);
    } catch (JedisNoScriptException e) {
      // A server that has just started does not know it yet; EVAL makes it known.
      return jedis.eval(call.script().source(), names, arguments);
    }
  }

  /**
   * Gets each of these keys by a command of its own, null where it is of another type; a
   * redirection stands in a reply's place.
   */
  List<@Nullable Object> getEach(List<byte[]> names, boolean asking) {
    List<CommandArguments> commands = new ArrayList<>(names.size());
    for (byte[] name : names) {
      commands.add(new CommandArguments(Protocol.Command.GET).add(name));
    }
    List<@Nullable Object> replies = send(commands, asking);
    replies.replaceAll(
        reply -> {
          if (reply instanceof JedisDataException failure && isOtherType(failure)) {
            return null;
          }
          Object answer = orThrow(reply);
          return answer instanceof byte[] tagged ? value(tagged) : answer;
        });
    return replies;
  }

  /** Runs a script on each of these keys; a redirection stands in a reply's place. */
  List<@Nullable Object> runEach(ScriptCall call, int[] keys, boolean asking) {
    List<CommandArguments> commands = new ArrayList<>(keys.length);
    for (int key : keys) {
      commands.add(command(Protocol.Command.EVALSHA, call.script().sha(), call, key));
    }
    List<@Nullable Object> replies = send(commands, asking);
    List<Integer> unknown = new ArrayList<>();
    for (int i = 0; i < keys.length; i++) {
      if (replies.get(i) instanceof JedisNoScriptException) {
        unknown.add(i);
      } else {
        orThrow(replies.get(i));
      }
    }
    if (!unknown.isEmpty()) {
      byte[] source = call.script().source();
      List<CommandArguments> again =
          unknown.stream().map(i -> command(Protocol.Command.EVAL, source, call, keys[i])).toList();
      List<@Nullable Object> answers = send(again, asking);
      for (int i = 0; i < answers.size(); i++) {
        replies.set(unknown.get(i), orThrow(answers.get(i)));
      }
    }
    return replies;
  }

  private CommandArguments command(
      Protocol.Command evaluate, byte[] script, ScriptCall call, int key) {
    CommandArguments command =
        new CommandArguments(evaluate).add(script).add(1).add(call.names().get(key));
    call.arguments(reign, key, key + 1).forEach(command::add);
    return command;
  }

  private List<@Nullable Object> send(List<CommandArguments> commands, boolean asking) {
    Connection connection = jedis.getConnection();
    for (CommandArguments command : commands) {
      if (asking) {
        connection.sendCommand(Protocol.Command.ASKING);
      }
      connection.sendCommand(command);
    }
    List<Object> replies = connection.getMany(asking ? 2 * commands.size() : commands.size());
    if (!asking) {
      return new ArrayList<>(replies);
    }
    List<@Nullable Object> answers = new ArrayList<>(commands.size());
    for (int i = 1; i < replies.size(); i += 2) {
      answers.add(replies.get(i));
    }
    return answers;
  }

  private static boolean isOtherType(JedisDataException failure) {
    return String.valueOf(failure.getMessage()).startsWith("WRONGTYPE");
  }

  private static @Nullable Object orThrow(@Nullable Object reply) {
    if (reply instanceof JedisDataException failure
        && !(reply instanceof JedisRedirectionException)) {
      throw failure;
    }
    return reply;
  }

  void disconnect() {
    jedis.disconnect();
  }
}
