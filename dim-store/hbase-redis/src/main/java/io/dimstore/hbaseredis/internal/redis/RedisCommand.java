// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;

/**
 * One or more commands to one server. Sending and receiving are separate, so that a connection can
 * pipeline several.
 *
 * @param <T> the answer
 */
interface RedisCommand<T extends @Nullable Object> {

  /** Writes the commands. They may stay in the connection's buffer until an answer is read. */
  void send(RedisConnection connection);

  /** Reads all replies. Called once after {@link #send}, in the order of sending. */
  T receive(RedisConnection connection);

  /** Returns a {@code RedisCommand} that sends a single command. */
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
