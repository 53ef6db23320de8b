package io.dimstore.hbaseredis;

import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;

/**
 * What is asked of one server. It is written first and its answer read later, so that a connection
 * can carry several.
 *
 * @param <T> the answer
 */
interface RedisCommand<T extends @Nullable Object> {

  /** Writes it; it may stay in the connection's buffer until an answer is read. */
  void send(RedisConnection connection);

  /**
   * Reads all of what it is answered. Called once after it was written, in the order of writing.
   */
  T receive(RedisConnection connection);

  /** One command of Redis. */
  static <T extends @Nullable Object> RedisCommand<T> of(
      Function<RedisConnection, CommandArguments> command,
      BiFunction<RedisConnection, Object, T> answer) {
    return new RedisCommand<>() {
      @Override
      public void send(RedisConnection connection) {
        connection.send(command.apply(connection));
      }

      @Override
      public T receive(RedisConnection connection) {
        return answer.apply(connection, connection.receive());
      }
    };
  }
}
