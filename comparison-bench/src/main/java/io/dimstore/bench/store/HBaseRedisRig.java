package io.dimstore.bench.store;

import io.dimstore.bench.store.StoreSide.Versions;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.stack.HBaseEndpoint;
import io.dimstore.stack.RedisEndpoint;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The store {@code hbase-redis} beside Jedis and HBase's own client. */
final class HBaseRedisRig implements Rig {

  private static final String READ = "bench_rows";
  private static final String STORE_WRITES = "bench_store_writes";
  private static final String PLAIN_WRITES = "bench_plain_writes";
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
  private final Versions versions = new Versions();
  private final int writeRows;
  private final List<Key> compared;
  private final DimensionStore store;
  private final RedisBaseline redis;
  private final HBaseBaseline hbase;
  private final StoreSide reads;
  private final StoreSide writes;

  private HBaseRedisRig(HBaseEndpoint hbase, RedisEndpoint redis, Workload workload) {
    this.workload = workload;
    this.writeRows = Math.min(workload.rows(), WRITE_ROWS);
    this.compared = keys(workload, 0, Math.min(workload.rows(), COMPARED_ROWS));
    this.store =
        DimensionStores.open(
            "hbase-redis",
            Map.of(
                "zookeeper.quorum",
                hbase.address(),
                "redis.host",
                redis.host(),
                "redis.port",
                Integer.toString(redis.port()),
                "redis.connections",
                Integer.toString(REDIS_CONNECTIONS),
                // No entry or lease may end, and no busy machine be taken for a fault, meanwhile.
                "max-age",
                "1 d",
                "lease",
                "1 min",
                "redis.timeout",
                "20 s",
                "deadline",
                "60 s"),
            counts,
            InstantSource.system());
    this.redis = new RedisBaseline(redis, REDIS_CONNECTIONS, READ);
    this.hbase = new HBaseBaseline(hbase);
    this.reads = new StoreSide(workload, counts, READS_IN_FLIGHT, READ_BATCH);
    this.writes = new StoreSide(workload, counts, WRITES_IN_FLIGHT, WRITE_BATCH);
  }

  static Rig open(HBaseEndpoint hbase, RedisEndpoint redis, Workload workload) {
    HBaseRedisRig rig = new HBaseRedisRig(hbase, redis, workload);
    rig.load(READ, workload.rows());
    rig.load(STORE_WRITES, rig.writeRows);
    rig.load(PLAIN_WRITES, rig.writeRows);
    return rig;
  }

  private void load(String table, int rows) {
    Pipeline.await(store.createIfAbsent(Workload.table(table)));
    writes.load(table(table), rows, versions.next());
  }

  private DimensionTable table(String name) {
    return store.table(Workload.table(name));
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
            table(READ), rows, () -> {}, () -> counts.require("readHit", "redis.hit", rows)),
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
            table(READ),
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
          long version = versions.next();
          writes.load(table(STORE_WRITES), writeRows, version);
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
            table(STORE_WRITES),
            writeRows,
            versions,
            () -> counts.require("dualWrite", "redis.owed", 0)),
        round -> {
          var batches = workload.puts(writeRows, WRITE_BATCH, versions.next());
          return () ->
              Pipeline.run(
                  batches, WRITES_IN_FLIGHT, changes -> hbase.put(PLAIN_WRITES, state, changes));
        });
  }

  /** Has Redis hold the first rows of the workload, which are all that the table has. */
  private void fill(String table, int rows) {
    DimensionTable filled = table(table);
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
    return Pipeline.await(table(table).get(keys, Workload.table(table).all()));
  }

  @Override
  public void close() {
    store.close();
    redis.close();
    hbase.close();
  }
}
