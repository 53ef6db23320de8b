package io.dimstore.bench.store;

import static io.dimstore.bench.store.RigTables.PLAIN_WRITES;
import static io.dimstore.bench.store.RigTables.READ;
import static io.dimstore.bench.store.RigTables.STORE_WRITES;

import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.stack.HBaseEndpoint;
import io.dimstore.stack.RedisEndpoint;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The store {@code hbase-redis} beside Jedis and HBase's own client. */
final class HBaseRedisRig implements Rig {

  private static final int REDIS_CONNECTIONS = 4;
  private static final int READ_BATCH = 100;
  private static final int READS_IN_FLIGHT = 16;

  /** What a sink of the connector does by default. */
  private static final int WRITE_BATCH = 500;

  private static final int WRITES_IN_FLIGHT = 4;

  private static final int HIT_PASSES = 5;
  private static final int WRITE_ROWS = 10_000;
  private static final int COMPARED_ROWS = 2_000;
  private static final int FORGOTTEN_BATCH = 1_000;

  private final Workload workload;
  private final RequestCounts counts = new RequestCounts();
  private final int writeRows;
  private final List<Key> compared;
  private final DimensionStore store;
  private final RigTables tables;
  private final RedisBaseline redis;
  private final HBaseBaseline hbase;
  private final StoreSide reads;
  private final StoreSide writes;

  private HBaseRedisRig(HBaseEndpoint hbase, RedisEndpoint redis, Workload workload) {
    this.workload = workload;
    this.writeRows = Math.min(workload.rows(), WRITE_ROWS);
    this.compared = keys(workload, 0, Math.min(workload.rows(), COMPARED_ROWS));
    this.store = MeasuredStores.hbaseRedis(hbase, redis, REDIS_CONNECTIONS, counts);
    this.tables = new RigTables(store, workload);
    this.redis = new RedisBaseline(redis, REDIS_CONNECTIONS, READ);
    this.hbase = new HBaseBaseline(hbase);
    this.reads = new StoreSide(workload, counts, READS_IN_FLIGHT, READ_BATCH);
    this.writes = new StoreSide(workload, counts, WRITES_IN_FLIGHT, WRITE_BATCH);
  }

  static Rig open(HBaseEndpoint hbase, RedisEndpoint redis, Workload workload) {
    HBaseRedisRig rig = new HBaseRedisRig(hbase, redis, workload);
    rig.tables.prepare(rig.writeRows);
    return rig;
  }

  @Override
  public List<Operation> operations() {
    return List.of(readHit(), readMiss(), dualWrite());
  }

  private Operation readHit() {
    int rows = HIT_PASSES * workload.rows();
    return new Operation(
        "readHit",
        0.7,
        rows,
        () -> fill(READ, workload.rows()),
        () -> {
          List<@Nullable Put> found = get(READ, compared);
          counts.require("readHit", "redis.hit", compared.size());
          return Same.check("readHit", found, redis.read(compared));
        },
        reads.reads(
            tables.of(READ), rows, () -> {}, () -> counts.require("readHit", "redis.hit", rows)),
        round -> {
          List<List<Key>> batches = workload.keys(rows, READ_BATCH, round);
          return () -> redis.run(batches);
        });
  }

  private Operation readMiss() {
    int rows = workload.rows();
    return new Operation(
        "readMiss",
        0.7,
        rows,
        () -> {},
        () -> {
          forget();
          List<@Nullable Put> found = get(READ, compared);
          counts.require("readMiss", "redis.miss", compared.size());
          return Same.check("readMiss", found, Pipeline.await(hbase.get(READ, compared)));
        },
        reads.reads(
            tables.of(READ),
            rows,
            this::forget,
            () -> {
              counts.require("readMiss", "redis.miss", rows);
              counts.require("readMiss", "fill", rows);
            }),
        round -> {
          List<List<Key>> batches = workload.keys(rows, READ_BATCH, round);
          return () ->
              Pipeline.run(
                  batches,
                  READS_IN_FLIGHT,
                  keys -> hbase.get(READ, keys).thenApply(row -> Same.present("HBase", row)));
        });
  }

  private void forget() {
    for (int from = 0; from < workload.rows(); from += FORGOTTEN_BATCH) {
      redis.forget(keys(workload, from, Math.min(from + FORGOTTEN_BATCH, workload.rows())));
    }
  }

  private Operation dualWrite() {
    List<Key> keys = compared.subList(0, Math.min(compared.size(), writeRows));
    byte[] state = hbase.state(PLAIN_WRITES, keys);
    return new Operation(
        "dualWrite",
        0.5,
        writeRows,
        () -> fill(STORE_WRITES, writeRows),
        () -> {
          long version = tables.versions().next();
          tables.load(STORE_WRITES, writeRows, version);
          Pipeline.run(
              workload.puts(writeRows, WRITE_BATCH, version),
              WRITES_IN_FLIGHT,
              changes -> hbase.put(PLAIN_WRITES, state, changes));
          List<@Nullable Put> copies = get(STORE_WRITES, keys);
          counts.require("dualWrite", "redis.hit", keys.size());
          int rows =
              Same.check("dualWrite, Redis", copies, Pipeline.await(hbase.get(PLAIN_WRITES, keys)));
          Same.check(
              "dualWrite, HBase", hbase.cells(STORE_WRITES, keys), hbase.cells(PLAIN_WRITES, keys));
          return rows;
        },
        writes.writes(
            tables.of(STORE_WRITES),
            writeRows,
            tables.versions(),
            () -> counts.require("dualWrite", "redis.owed", 0)),
        round -> {
          var batches = workload.puts(writeRows, WRITE_BATCH, tables.versions().next());
          return () ->
              Pipeline.run(
                  batches, WRITES_IN_FLIGHT, changes -> hbase.put(PLAIN_WRITES, state, changes));
        });
  }

  /** Has Redis hold the first rows of the workload, which are all that the table has. */
  private void fill(String table, int rows) {
    DimensionTable filled = tables.of(table);
    List<List<Key>> batches =
        IntStream.iterate(0, from -> from < rows, from -> from + WRITE_BATCH)
            .mapToObj(from -> keys(workload, from, Math.min(from + WRITE_BATCH, rows)))
            .toList();
    for (int pass = 0; pass < 2; pass++) {
      counts.clear();
      Pipeline.run(
          batches, WRITES_IN_FLIGHT, keys -> filled.get(keys, Workload.table(table).all()));
    }
    counts.require("Filling Redis", "redis.hit", rows);
  }

  private static List<Key> keys(Workload workload, int from, int to) {
    return IntStream.range(from, to).mapToObj(workload::key).toList();
  }

  private List<@Nullable Put> get(String table, List<Key> keys) {
    counts.clear();
    return Pipeline.await(tables.of(table).get(keys, Workload.table(table).all()));
  }

  @Override
  public void close() {
    store.close();
    redis.close();
    hbase.close();
  }
}
