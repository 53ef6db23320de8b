package io.dimstore.bench.store;

import static io.dimstore.bench.store.RigTables.READ;

import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.stack.HBaseEndpoint;
import io.dimstore.stack.RedisEndpoint;
import io.dimstore.stack.relay.Direction;
import io.dimstore.stack.relay.Relay;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The store {@code hbase-redis} with a Redis that becomes slow as a block begins, beside the same
 * store without Redis. A block has the time in it until the store finds out. Both read the same
 * rows, all of which Redis has.
 */
final class SlowRedisRig implements Rig {

  private static final int CONNECTIONS = 4;
  private static final int BATCH = 100;
  private static final int IN_FLIGHT = 16;
  private static final int PASSES = 5;
  private static final int SAMPLES = 301;
  private static final int COMPARED = 2_000;
  private static final Duration TIMEOUT = Duration.ofSeconds(1);
  private static final long COMES_BACK_NANOS = 60_000_000_000L;

  private final Workload workload;
  private final RequestCounts counts = new RequestCounts();
  private final Relay relay;
  private final DimensionStore slow;
  private final DimensionStore alone;
  private final RigTables tables;
  private final Projection all = Workload.table(READ).all();
  private long answerNanos;

  private SlowRedisRig(HBaseEndpoint hbase, RedisEndpoint redis, Workload workload) {
    this.workload = workload;
    this.relay = Relay.to(redis.port());
    this.slow = MeasuredStores.hbaseRedis(hbase, relay.port(), CONNECTIONS, TIMEOUT, counts);
    this.alone = MeasuredStores.hbaseRedis(hbase, 1, CONNECTIONS, TIMEOUT, StoreMetrics.NONE);
    this.tables = new RigTables(slow, workload);
  }

  static Rig open(HBaseEndpoint hbase, RedisEndpoint redis, Workload workload) {
    SlowRedisRig rig = new SlowRedisRig(hbase, redis, workload);
    rig.tables.prepare(1);
    rig.warm();
    rig.answerNanos = rig.median();
    return rig;
  }

  @Override
  public List<Operation> operations() {
    return List.of(
        operation("slow10", Duration.ofNanos(9 * answerNanos)),
        operation("slow100", Duration.ofNanos(99 * answerNanos)),
        operation("slowTimeout", TIMEOUT.multipliedBy(9).dividedBy(10)));
  }

  private Operation operation(String name, Duration delay) {
    int rows = PASSES * workload.rows();
    return new Operation(
        name,
        0.8,
        rows,
        () -> {},
        () -> {
          List<Key> keys =
              IntStream.range(0, Math.min(COMPARED, workload.rows()))
                  .mapToObj(workload::key)
                  .toList();
          return Same.check(name, get(tables.of(READ), keys), get(alone(), keys));
        },
        round -> {
          warm();
          List<List<Key>> batches = workload.keys(rows, BATCH, round);
          counts.clear();
          relay.delay(Direction.ANSWERS, delay);
          return new Side.Block() {
            @Override
            public void run() {
              read(tables.of(READ), batches);
            }

            @Override
            public void check() {
              warm();
            }
          };
        },
        round -> {
          List<List<Key>> batches = workload.keys(rows, BATCH, round);
          return () -> read(alone(), batches);
        });
  }

  private DimensionTable alone() {
    return alone.table(Workload.table(READ));
  }

  private List<?> get(DimensionTable table, List<Key> keys) {
    return Pipeline.await(table.get(keys, all));
  }

  private void read(DimensionTable table, List<List<Key>> batches) {
    Pipeline.run(
        batches,
        IN_FLIGHT,
        keys -> table.get(keys, all).thenApply(found -> Same.present("The store", found)));
  }

  /** Returns when Redis is fast, in use by itself, and has all rows. */
  private void warm() {
    relay.heal();
    long end = System.nanoTime() + COMES_BACK_NANOS;
    do {
      if (System.nanoTime() - end > 0) {
        throw new BenchException("Redis is fast again and does not come back into use");
      }
      counts.clear();
      read(tables.of(READ), workload.keys(workload.rows(), BATCH, 0));
    } while (counts.of("redis.hit") < workload.rows());
  }

  /** What a batch takes in Redis, one at a time. */
  private long median() {
    List<Key> keys = workload.keys(BATCH, BATCH, 0).get(0);
    long[] nanos = new long[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      long start = System.nanoTime();
      get(tables.of(READ), keys);
      nanos[i] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    return nanos[SAMPLES / 2];
  }

  @Override
  public void close() {
    slow.close();
    alone.close();
    relay.close();
  }
}
