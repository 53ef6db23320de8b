// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.lookup.arm;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.functions.AsyncLookupFunction;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hbase.HBaseConfiguration;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.AdvancedScanResultConsumer;
import org.apache.hadoop.hbase.client.AsyncConnection;
import org.apache.hadoop.hbase.client.AsyncTable;
import org.apache.hadoop.hbase.client.ConnectionFactory;
import org.apache.hadoop.hbase.client.Get;
import org.apache.hadoop.hbase.client.Result;
import org.apache.hadoop.hbase.util.Bytes;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.params.SetParams;

/**
 * What a good team writes by hand for HBase and Redis: threads that each take the keys that wait,
 * up to a hundred, and send one MGET for them; one multi-get to HBase for those that Redis does not
 * have; what it finds, and that it found nothing, goes to Redis for a while. Optionally with a
 * cache of rows in the process.
 *
 * <p>It fills Redis without a guard: a row that changes between the read of HBase and the write to
 * Redis stays old there until the entry expires. dimstore does not have that defect.
 */
public final class PipelinedLookup extends AsyncLookupFunction {

  private static final long serialVersionUID = 1;

  private static final int CONNECTIONS = 4;
  private static final int BATCH = 100;
  private static final long ENTRY_MILLIS = TimeUnit.HOURS.toMillis(1);
  private static final byte[] FAMILY = {'f'};
  private static final byte[] NULL_TEXT = {'n', 'u', 'l', 'l'};

  private final String arm;
  private final String host;
  private final int port;
  private final Map<String, String> hbase;
  private final int cachedRows;
  private transient @Nullable BlockingQueue<Waiting> queue;
  private transient @Nullable ExecutorService threads;
  private transient @Nullable AsyncConnection connection;
  private transient @Nullable Cache<StringData, Collection<RowData>> cache;
  private transient @Nullable LongAdder requests;

  private PipelinedLookup(String arm, LookupContext context, int cachedRows) {
    this.arm = arm;
    this.host = context.servers().redisHost();
    this.port = context.servers().redisPort();
    this.hbase = Map.copyOf(context.servers().requireHBase().configuration());
    this.cachedRows = cachedRows;
  }

  static PipelinedLookup withoutCache(String arm, LookupContext context) {
    return new PipelinedLookup(arm, context, 0);
  }

  static PipelinedLookup withCache(String arm, LookupContext context) {
    return new PipelinedLookup(arm, context, context.cachedRows());
  }

  private record Waiting(StringData key, CompletableFuture<Collection<RowData>> answer) {}

  @Override
  public void open(FunctionContext context) throws Exception {
    requests = SentRequests.of(arm);
    queue = new LinkedBlockingQueue<>();
    Configuration configuration = HBaseConfiguration.create();
    hbase.forEach(configuration::set);
    connection = ConnectionFactory.createAsyncConnection(configuration).get();
    if (cachedRows > 0) {
      cache =
          Caffeine.newBuilder()
              .maximumSize(cachedRows)
              .expireAfterWrite(LookupContext.CACHED_FOR)
              .build();
    }
    threads = Executors.newFixedThreadPool(CONNECTIONS);
    for (int i = 0; i < CONNECTIONS; i++) {
      threads.execute(this::work);
    }
  }

  @Override
  public CompletableFuture<Collection<RowData>> asyncLookup(RowData keyRow) {
    StringData key = keyRow.getString(0);
    if (cache != null) {
      Collection<RowData> found = cache.getIfPresent(key);
      if (found != null) {
        return CompletableFuture.completedFuture(found);
      }
    }
    CompletableFuture<Collection<RowData>> answer = new CompletableFuture<>();
    requireNonNull(queue).add(new Waiting(key, answer));
    return answer;
  }

  private void work() {
    try (Jedis jedis = new Jedis(host, port)) {
      List<Waiting> batch = new ArrayList<>();
      while (true) {
        batch.add(requireNonNull(queue).take());
        requireNonNull(queue).drainTo(batch, BATCH - 1);
        try {
          answer(jedis, batch);
        } catch (Exception e) {
          batch.forEach(each -> each.answer().completeExceptionally(e));
        }
        batch.clear();
      }
    } catch (InterruptedException e) {
      // The job has ended.
    }
  }

  private void answer(Jedis jedis, List<Waiting> batch) throws Exception {
    byte[][] names = new byte[batch.size()][];
    for (int i = 0; i < names.length; i++) {
      names[i] = PlainEntries.name(batch.get(i).key().toBytes());
    }
    requireNonNull(requests).increment();
    List<byte[]> entries = jedis.mget(names);
    List<Waiting> missing = new ArrayList<>();
    for (int i = 0; i < names.length; i++) {
      byte[] entry = entries.get(i);
      if (entry == null) {
        missing.add(batch.get(i));
      } else {
        complete(batch.get(i), PlainEntries.decode(entry));
      }
    }
    if (!missing.isEmpty()) {
      answerFromHBase(jedis, missing);
    }
  }

  private void answerFromHBase(Jedis jedis, List<Waiting> missing) throws Exception {
    AsyncTable<AdvancedScanResultConsumer> table =
        requireNonNull(connection).getTable(TableName.valueOf(LookupContext.TABLE));
    List<Get> gets = new ArrayList<>(missing.size());
    for (Waiting each : missing) {
      gets.add(new Get(each.key().toBytes()).addFamily(FAMILY));
    }
    requireNonNull(requests).increment();
    List<CompletableFuture<Result>> results = table.get(gets);
    requireNonNull(requests).increment();
    SetParams expiry = SetParams.setParams().px(ENTRY_MILLIS);
    try (Pipeline pipeline = jedis.pipelined()) {
      for (int i = 0; i < missing.size(); i++) {
        @Nullable Object @Nullable [] values = values(results.get(i).get());
        byte[] entry = values == null ? PlainEntries.ABSENT : PlainEntries.encode(values);
        pipeline.set(PlainEntries.name(missing.get(i).key().toBytes()), entry, expiry);
        complete(missing.get(i), values);
      }
    }
  }

  private void complete(Waiting waiting, @Nullable Object @Nullable [] values) {
    Collection<RowData> found = PlainEntries.found(waiting.key(), values);
    if (cache != null) {
      cache.put(waiting.key(), found);
    }
    waiting.answer().complete(found);
  }

  private static @Nullable Object @Nullable [] values(Result result) {
    if (result.isEmpty()) {
      return null;
    }
    byte[] level = cell(result, "level");
    byte[] balance = cell(result, "balance");
    byte[] updatedAt = cell(result, "updated_at");
    return new @Nullable Object[] {
      text(cell(result, "country")),
      level == null ? null : Bytes.toInt(level),
      balance == null ? null : Bytes.toLong(balance),
      text(cell(result, "name")),
      text(cell(result, "note")),
      updatedAt == null ? null : TimestampData.fromEpochMillis(Bytes.toLong(updatedAt))
    };
  }

  private static byte @Nullable [] cell(Result result, String column) {
    return result.getValue(FAMILY, Bytes.toBytes(column));
  }

  private static @Nullable StringData text(byte @Nullable [] bytes) {
    return bytes == null || Arrays.equals(bytes, NULL_TEXT) ? null : StringData.fromBytes(bytes);
  }

  @Override
  public void close() throws Exception {
    if (threads != null) {
      threads.shutdownNow();
    }
    if (connection != null) {
      connection.close();
    }
  }
}
