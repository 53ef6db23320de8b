package io.dimstore.bench.store;

import io.dimstore.bench.store.StoreSide.Versions;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.stack.DynamoDbEndpoint;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The store {@code dynamodb} beside the AWS SDK's own client. */
final class DynamoDbRig implements Rig {

  private static final String READ = "bench_rows";
  private static final String STORE_WRITES = "bench_store_writes";
  private static final String PLAIN_WRITES = "bench_plain_writes";
  private static final int IN_FLIGHT = 16;
  private static final int READ_BATCH = 100;
  private static final int WRITE_BATCH = 25;
  private static final int READ_ROWS = 8_000;
  private static final int WRITE_ROWS = 1_000;

  private final Workload workload;
  private final RequestCounts counts = new RequestCounts();
  private final Versions versions = new Versions();
  private final int writeRows;
  private final DimensionStore store;
  private final DynamoDbBaseline plain;
  private final StoreSide reads;
  private final StoreSide writes;

  private DynamoDbRig(DynamoDbEndpoint endpoint, Workload workload) {
    this.workload = workload;
    this.writeRows = Math.min(workload.rows(), WRITE_ROWS);
    this.store =
        DimensionStores.open(
            "dynamodb",
            Map.of(
                "endpoint",
                endpoint.address(),
                "region",
                endpoint.region(),
                "access-key",
                endpoint.accessKeyId(),
                "secret-key",
                endpoint.secretAccessKey(),
                // A busy machine is not to be taken for a fault while it is measured.
                "attempt-timeout",
                "20 s",
                "deadline",
                "60 s"),
            counts,
            InstantSource.system());
    this.plain = new DynamoDbBaseline(endpoint);
    this.reads = new StoreSide(workload, counts, IN_FLIGHT, READ_BATCH);
    this.writes = new StoreSide(workload, counts, IN_FLIGHT, WRITE_BATCH);
  }

  static Rig open(DynamoDbEndpoint endpoint, Workload workload) {
    DynamoDbRig rig = new DynamoDbRig(endpoint, workload);
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
    return List.of(batchRead(), write());
  }

  private Operation batchRead() {
    int rows = Math.min(workload.rows(), READ_ROWS);
    return new Operation(
        "batchRead",
        0.8,
        rows,
        () -> {},
        () -> {
          int compared = 0;
          for (List<Key> keys : workload.keys(rows, READ_BATCH, 0)) {
            List<@Nullable Put> found =
                Pipeline.await(table(READ).get(keys, Workload.table(READ).all()));
            compared += Same.check("batchRead", found, Pipeline.await(plain.get(READ, keys)));
          }
          return compared;
        },
        reads.reads(
            table(READ),
            rows,
            () -> {},
            () ->
                counts.require(
                    "batchRead", "requests.dynamodb", (rows + READ_BATCH - 1) / READ_BATCH)),
        round -> {
          List<List<Key>> batches = workload.keys(rows, READ_BATCH, round);
          return () ->
              Pipeline.run(
                  batches,
                  IN_FLIGHT,
                  keys -> plain.get(READ, keys).thenApply(row -> Same.present("DynamoDB", row)));
        });
  }

  private Operation write() {
    String update = DynamoDbBaseline.update(PLAIN_WRITES);
    List<Key> first = List.of(workload.key(0));
    AttributeValue layout =
        Objects.requireNonNull(
            plain.itemsByKey(PLAIN_WRITES, first).values().iterator().next().get("__dim_c"));
    return new Operation(
        "write",
        0.8,
        writeRows,
        () -> writes.load(table(STORE_WRITES), writeRows, versions.next()),
        () -> {
          long version = versions.next();
          writes.load(table(STORE_WRITES), writeRows, version);
          Pipeline.run(
              workload.puts(writeRows, WRITE_BATCH, version),
              IN_FLIGHT,
              changes -> plain.write(update, layout, changes));
          return Same.check("write", items(STORE_WRITES), items(PLAIN_WRITES));
        },
        writes.writes(
            table(STORE_WRITES),
            writeRows,
            versions,
            () -> counts.require("write", "superseded", 0)),
        round -> {
          var batches = workload.puts(writeRows, WRITE_BATCH, versions.next());
          return () ->
              Pipeline.run(batches, IN_FLIGHT, changes -> plain.write(update, layout, changes));
        });
  }

  private List<@Nullable Map<String, AttributeValue>> items(String table) {
    List<@Nullable Map<String, AttributeValue>> items = new ArrayList<>();
    for (int from = 0; from < writeRows; from += READ_BATCH) {
      List<Key> keys =
          IntStream.range(from, Math.min(from + READ_BATCH, writeRows))
              .mapToObj(workload::key)
              .toList();
      var found = plain.itemsByKey(table, keys);
      keys.forEach(key -> items.add(found.get((String) key.get(0))));
    }
    return items;
  }

  @Override
  public void close() {
    store.close();
    plain.close();
  }
}
