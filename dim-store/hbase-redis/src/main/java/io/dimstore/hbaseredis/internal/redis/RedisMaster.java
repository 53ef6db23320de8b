// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import io.dimstore.hbaseredis.internal.breaker.Breaker;
import io.dimstore.hbaseredis.internal.breaker.RequestPurpose;
import io.dimstore.hbaseredis.internal.redis.RedisServers.Found;
import io.dimstore.hbaseredis.internal.script.ScriptCall;
import io.dimstore.spi.StoreMetrics.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.params.ScanParams;

/** A single master, which holds all keys. Thread-safe. */
final class RedisMaster implements RedisNodes {

  /** The most keys of one script call. Redis executes no other command during a script. */
  private static final int SCRIPT_BATCH = 250;

  private final ServerConnections connections;

  RedisMaster(RedisLogin.Master master, RedisSetup setup) {
    this.connections = new ServerConnections("", setup.connections(), master, setup);
    setup.breakers().adopt(connections.breaker());
  }

  @Override
  public CompletableFuture<List<byte @Nullable []>> values(
      List<byte[]> names, RequestPurpose purpose) {
    long bytes = 0;
    for (byte[] name : names) {
      bytes += name.length;
    }
    return connections.send(
        Operation.GET,
        names.size(),
        bytes,
        bytes,
        purpose,
        RedisCommand.of(connection -> getAll(names), RedisConnection::values));
  }

  private static CommandArguments getAll(List<byte[]> names) {
    CommandArguments command = new CommandArguments(Protocol.Command.MGET);
    for (byte[] name : names) {
      command.add(name);
    }
    return command;
  }

  @Override
  public <T> CompletableFuture<T> run(
      Operation operation, ScriptCall<T> call, RequestPurpose purpose) {
    List<CompletableFuture<ScriptCall.Answer>> parts = new ArrayList<>();
    int size = call.names().size();
    for (int at = 0; at < size; at += SCRIPT_BATCH) {
      int from = at;
      int to = Math.min(from + SCRIPT_BATCH, size);
      parts.add(
          connections.send(
              operation,
              to - from,
              call.bytes(from, to),
              call.size(from, to),
              purpose,
              RedisCommand.of(
                  connection -> connection.script(call, from, to),
                  (connection, reply) ->
                      new ScriptCall.Answer(IntStream.range(from, to).toArray(), reply))));
    }
    return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
        .thenApply(
            done -> call.meaning().apply(parts.stream().map(CompletableFuture::join).toList()));
  }

  @Override
  public CompletableFuture<Found> scan(
      String cursor, ScanParams params, int count, RequestPurpose purpose) {
    return connections.send(
        Operation.SCAN,
        count,
        0,
        0,
        purpose,
        RedisServers.scan(cursor, params, part -> new Found(part.getResult(), part.getCursor())));
  }

  @Override
  public CompletableFuture<Void> ping() {
    return connections
        .send(Operation.ADMIN, 0, 0, 0, RequestPurpose.probe(), RedisServers.PING)
        .thenAccept(pong -> {});
  }

  @Override
  public Breaker breaker() {
    return connections.breaker();
  }

  @Override
  public void close() {
    connections.close();
  }
}
