package io.dimstore.hbaseredis;

import io.dimstore.spi.StoreMetrics.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.params.ScanParams;

/** One master that has all keys. Thread-safe. */
final class RedisMaster implements RedisServers {

  /** Keys a script handles at once: Redis serves nobody else meanwhile. */
  private static final int SCRIPT_BATCH = 250;

  private final RedisSetup setup;
  private final RedisLanes lanes;

  RedisMaster(RedisLogin.Master master, RedisSetup setup) {
    this.setup = setup;
    this.lanes = new RedisLanes("", setup.connections(), master, setup);
    setup.breakers().adopt(lanes.breaker());
  }

  @Override
  public CompletableFuture<List<byte @Nullable []>> values(List<byte[]> names, Demand demand) {
    long bytes = 0;
    for (byte[] name : names) {
      bytes += name.length;
    }
    return lanes.send(
        Operation.GET,
        names.size(),
        bytes,
        bytes,
        demand,
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
  public CompletableFuture<List<ScriptCall.Answer>> run(
      Operation operation, ScriptCall call, Demand demand) {
    List<CompletableFuture<ScriptCall.Answer>> parts = new ArrayList<>();
    int size = call.names().size();
    for (int at = 0; at < size; at += SCRIPT_BATCH) {
      int from = at;
      int to = Math.min(from + SCRIPT_BATCH, size);
      parts.add(
          lanes.send(
              operation,
              to - from,
              call.bytes(from, to),
              call.size(from, to),
              demand,
              RedisCommand.of(
                  connection -> connection.script(call, from, to),
                  (connection, reply) ->
                      new ScriptCall.Answer(IntStream.range(from, to).toArray(), reply))));
    }
    return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
        .thenApply(done -> parts.stream().map(CompletableFuture::join).toList());
  }

  @Override
  public CompletableFuture<Found> scan(String cursor, ScanParams params, int count, Demand demand) {
    return lanes.send(
        Operation.SCAN,
        count,
        0,
        0,
        demand,
        RedisServers.scan(cursor, params, part -> new Found(part.getResult(), part.getCursor())));
  }

  @Override
  public CompletableFuture<Void> ping() {
    return lanes
        .send(Operation.ADMIN, 0, 0, 0, Demand.probe(), RedisServers.PING)
        .thenAccept(pong -> {});
  }

  @Override
  public boolean allow(Demand demand) {
    return demand.allows(lanes.breaker());
  }

  @Override
  public Collection<Breaker> breakers() {
    return setup.breakers().current();
  }

  @Override
  public SlowAnswers slow() {
    return setup.slow();
  }

  @Override
  public Duration timeout() {
    return setup.timeout();
  }

  @Override
  public void close() {
    lanes.close();
    setup.timer().close();
  }
}
