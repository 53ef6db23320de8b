package io.dimstore.bench.store;

import static io.dimstore.bench.store.RigTables.PLAIN_WRITES;
import static io.dimstore.bench.store.RigTables.READ;
import static io.dimstore.bench.store.RigTables.STORE_WRITES;

import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.stack.DynamoDbEndpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The store {@code dynamodb} beside the AWS SDK's own client. */
final class DynamoDbRig implements Rig {

  private static final int IN_FLIGHT = 16;
  private static final int READ_BATCH = 100;
  private static final int WRITE_BATCH = 25;
  private static final int READ_ROWS = 8_000;
  private static final int WRITE_ROWS = 1_000;

  private final Workload workload;
  private final RequestCounts counts = new RequestCounts();
  private final int writeRows;
  private final DimensionStore store;
  private final RigTables tables;
  private final DynamoDbBaseline plain;
  private final StoreSide reads;
  private final StoreSide writes;

  private DynamoDbRig(DynamoDbEndpoint endpoint, Workload workload) {
    this.workload = workload;
    this.writeRows = Math.min(workload.rows(), WRITE_ROWS);
    this.store = MeasuredStores.dynamoDb(endpoint, counts);
    this.tables = new RigTables(store, workload);
    this.plain = new DynamoDbBaseline(endpoint);
    this.reads = new StoreSide(workload, counts, IN_FLIGHT, READ_BATCH);
    this.writes = new StoreSide(workload, counts, IN_FLIGHT, WRITE_BATCH);
  }

  static Rig open(DynamoDbEndpoint endpoint, Workload workload) {
    DynamoDbRig rig = new DynamoDbRig(endpoint, workload);
    rig.tables.prepare(rig.writeRows);
    return rig;
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
                Pipeline.await(tables.of(READ).get(keys, Workload.table(READ).all()));
            compared += Same.check("batchRead", found, Pipeline.await(plain.get(READ, keys)));
          }
          return compared;
        },
        reads.reads(
            tables.of(READ),
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
        () -> tables.load(STORE_WRITES, writeRows, tables.versions().next()),
        () -> {
          long version = tables.versions().next();
          tables.load(STORE_WRITES, writeRows, version);
          Pipeline.run(
              workload.puts(writeRows, WRITE_BATCH, version),
              IN_FLIGHT,
              changes -> plain.write(update, layout, changes));
          return Same.check("write", items(STORE_WRITES), items(PLAIN_WRITES));
        },
        writes.writes(
            tables.of(STORE_WRITES),
            writeRows,
            tables.versions(),
            () -> counts.require("write", "superseded", 0)),
        round -> {
          var batches = workload.puts(writeRows, WRITE_BATCH, tables.versions().next());
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
