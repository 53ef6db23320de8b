// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.lookup.arm;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.functions.AsyncLookupFunction;
import org.apache.flink.table.functions.FunctionContext;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;

/**
 * Sends one GET for each event to Redis, which has all rows, as the Redis connectors do that teams
 * take from GitHub: a pool of connections, each with one request at a time.
 */
public final class RedisGetLookup extends AsyncLookupFunction {

  private static final long serialVersionUID = 1;

  private static final int CONNECTIONS = 16;

  private final String arm;
  private final String host;
  private final int port;
  private transient @Nullable ExecutorService threads;
  private transient @Nullable BlockingQueue<Jedis> idle;
  private transient @Nullable LongAdder requests;

  RedisGetLookup(String arm, LookupContext context) {
    this.arm = arm;
    this.host = context.servers().redisHost();
    this.port = context.servers().redisPort();
  }

  @Override
  public void open(FunctionContext context) {
    requests = SentRequests.of(arm);
    idle = new LinkedBlockingQueue<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      idle.add(new Jedis(host, port));
    }
    threads = Executors.newFixedThreadPool(CONNECTIONS);
  }

  @Override
  public CompletableFuture<Collection<RowData>> asyncLookup(RowData keyRow) {
    StringData key = keyRow.getString(0);
    return CompletableFuture.supplyAsync(() -> get(key), requireNonNull(threads));
  }

  private Collection<RowData> get(StringData key) {
    BlockingQueue<Jedis> connections = requireNonNull(idle);
    Jedis jedis;
    try {
      jedis = connections.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
    byte[] entry;
    try {
      requireNonNull(requests).increment();
      entry = jedis.get(PlainEntries.name(key.toBytes()));
    } finally {
      connections.add(jedis);
    }
    return PlainEntries.found(key, entry == null ? null : PlainEntries.decode(entry));
  }

  @Override
  public void close() {
    if (threads != null) {
      threads.shutdownNow();
    }
    if (idle != null) {
      new ConcurrentLinkedQueue<>(idle).forEach(Jedis::close);
    }
  }
}
