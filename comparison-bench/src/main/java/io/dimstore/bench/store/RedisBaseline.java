package io.dimstore.bench.store;

import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.stack.RedisEndpoint;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Response;

/**
 * Jedis as a job would use it at its best: pipelined MGETs over a few connections, each with a
 * thread that sends, decodes and goes on without handing anything over. It decodes the store's own
 * entries.
 */
final class RedisBaseline implements AutoCloseable {

  /** MGETs on a connection at a time: with the connections as many as the store's calls. */
  private static final int PIPELINED = 4;

  private static final int VALUES = 6;

  private final byte[] prefix;
  private final List<Jedis> connections;
  private final ExecutorService threads;

  RedisBaseline(RedisEndpoint endpoint, int connections, String table) {
    this.prefix = ("dim:" + table + ":").getBytes(StandardCharsets.UTF_8);
    this.connections =
        IntStream.range(0, connections)
            .mapToObj(
                i ->
                    new Jedis(
                        new HostAndPort(endpoint.host(), endpoint.port()),
                        DefaultJedisClientConfig.builder()
                            .socketTimeoutMillis(20_000)
                            .resp2()
                            .build()))
            .toList();
    this.threads =
        Executors.newFixedThreadPool(
            connections,
            work -> {
              Thread thread = new Thread(work, "bench-jedis");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Reads all batches. */
  void run(List<List<Key>> batches) {
    AtomicInteger next = new AtomicInteger();
    CompletableFuture<?>[] workers = new CompletableFuture<?>[connections.size()];
    for (int i = 0; i < workers.length; i++) {
      Jedis connection = connections.get(i);
      workers[i] =
          CompletableFuture.runAsync(
              () -> {
                for (int at = next.getAndAdd(PIPELINED);
                    at < batches.size();
                    at = next.getAndAdd(PIPELINED)) {
                  read(connection, batches.subList(at, Math.min(at + PIPELINED, batches.size())));
                }
              },
              threads);
    }
    Pipeline.await(CompletableFuture.allOf(workers));
  }

  List<@Nullable Put> read(List<Key> keys) {
    return rows(keys, connections.get(0).mget(names(keys)));
  }

  /** Removes what the server holds of these rows; its other keys stay, as in a server in use. */
  void forget(List<Key> keys) {
    connections.get(0).del(names(keys));
  }

  private void read(Jedis connection, List<List<Key>> batches) {
    List<Response<List<byte[]>>> replies = new ArrayList<>(batches.size());
    try (var pipeline = connection.pipelined()) {
      for (List<Key> keys : batches) {
        replies.add(pipeline.mget(names(keys)));
      }
    }
    for (int i = 0; i < replies.size(); i++) {
      var unused = Same.present("Redis", rows(batches.get(i), replies.get(i).get()));
    }
  }

  private byte[][] names(List<Key> keys) {
    byte[][] names = new byte[keys.size()][];
    for (int i = 0; i < names.length; i++) {
      names[i] = name((String) keys.get(i).get(0));
    }
    return names;
  }

  private static List<@Nullable Put> rows(List<Key> keys, List<byte[]> values) {
    List<@Nullable Put> rows = new ArrayList<>(values.size());
    for (int i = 0; i < values.size(); i++) {
      byte[] value = values.get(i);
      rows.add(value == null ? null : decode(keys.get(i), value));
    }
    return rows;
  }

  private byte[] name(String key) {
    byte[] row = key.getBytes(StandardCharsets.UTF_8);
    byte[] name = new byte[prefix.length + row.length];
    System.arraycopy(prefix, 0, name, 0, prefix.length);
    System.arraycopy(row, 0, name, prefix.length, row.length);
    return name;
  }

  /** The values stand in the order of their cells: by column name. */
  private static @Nullable Put decode(Key key, byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (in.get() != 1 || in.get() != 'P') {
      return null;
    }
    long version = in.getLong();
    long expiresAt = in.getLong();
    in.getInt();
    int nulls = in.get();
    @Nullable Object[] values = new @Nullable Object[VALUES];
    values[2] = isNull(nulls, 0) ? null : in.getLong();
    values[0] = isNull(nulls, 1) ? null : text(in);
    values[1] = isNull(nulls, 2) ? null : in.getInt();
    values[3] = isNull(nulls, 3) ? null : text(in);
    values[4] = isNull(nulls, 4) ? null : text(in);
    values[5] = isNull(nulls, 5) ? null : Instant.ofEpochSecond(in.getLong(), in.getInt());
    return new Put(key, Row.of(values), version, expiresAt);
  }

  private static boolean isNull(int nulls, int bit) {
    return (nulls & 1 << bit) != 0;
  }

  private static String text(ByteBuffer in) {
    int length = 0;
    int shift = 0;
    byte next;
    do {
      next = in.get();
      length |= (next & 0x7f) << shift;
      shift += 7;
    } while (next < 0);
    String text = new String(in.array(), in.position(), length, StandardCharsets.UTF_8);
    in.position(in.position() + length);
    return text;
  }

  @Override
  public void close() {
    threads.shutdownNow();
    connections.forEach(Jedis::close);
  }
}
