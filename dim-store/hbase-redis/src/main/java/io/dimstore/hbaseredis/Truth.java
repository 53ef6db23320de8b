package io.dimstore.hbaseredis;

import io.dimstore.spi.Deadline;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.apache.hadoop.hbase.Cell;
import org.apache.hadoop.hbase.client.CheckAndMutate;
import org.apache.hadoop.hbase.client.CheckAndMutateResult;
import org.apache.hadoop.hbase.client.Delete;
import org.apache.hadoop.hbase.client.Get;
import org.apache.hadoop.hbase.client.Result;
import org.apache.hadoop.hbase.client.Row;
import org.apache.hadoop.hbase.client.Scan;
import org.jspecify.annotations.Nullable;

/** One table's rows in HBase. Thread-safe. */
final class Truth {

  private final HBaseTables client;
  private final Meter meter;
  private final Layout layout;
  private final RowDecoder decoder;
  private final RowGets gets;
  private final @Nullable CheckedRows checked;

  Truth(HBaseTables client, Meter meter, Layout layout) {
    this(client, meter, layout, false);
  }

  /**
   * The rows of one table.
   *
   * @param checksWrites whether a row is written only if its state cell is the one that was read
   */
  Truth(HBaseTables client, Meter meter, Layout layout, boolean checksWrites) {
    this.checked = checksWrites ? new CheckedRows(this, layout) : null;
    this.client = client;
    this.meter = meter;
    this.layout = layout;
    this.decoder = new RowDecoder(layout);
    this.gets = new RowGets(layout);
  }

  /**
   * What the rows hold at a time, in the order asked. All declared columns are read, whatever is
   * asked for: whether a row is there, and its version, depend on each of them where other tools
   * write too, and Redis is filled with whole rows.
   *
   * @param needed the columns without which a row is of no use
   * @param corrupt is told of keys whose rows cannot be read; their elements are nothing
   */
  CompletableFuture<List<Stored>> read(
      List<Key> keys,
      List<byte[]> rowKeys,
      Projection needed,
      long now,
      BiConsumer<Key, StoreException> corrupt) {
    List<Get> asked = gets.of(rowKeys);
    return client
        .table(layout.table())
        .thenCompose(
            table ->
                meter.hbase(Operation.GET, asked.size(), Truth::bytes, () -> table.getAll(asked)))
        .thenApply(
            results -> {
              Answers.requireRows(rowKeys, results);
              gets.learn(results);
              List<Stored> stored = new ArrayList<>(results.size());
              for (int i = 0; i < keys.size(); i++) {
                Stored row = Stored.NOTHING;
                try {
                  row = decoder.decode(keys.get(i), results.get(i), needed, now);
                } catch (StoreException e) {
                  corrupt.accept(keys.get(i), e);
                }
                stored.add(row);
              }
              return stored;
            });
  }

  /**
   * Applies changes of different keys; completes when all have been, and fails if any failed.
   *
   * @param deadline after which no further step is begun
   */
  CompletableFuture<Void> apply(List<Prepared> changes, Deadline deadline) {
    List<Row> states = new ArrayList<>(changes.size());
    List<Delete> markers = new ArrayList<>();
    for (Prepared change : changes) {
      states.add(change.state());
      change.markers(layout).ifPresent(markers::add);
    }
    // Markers go after the states: a marker whose state was lost with the writer would hide from
    // the stock connector a row that we still see.
    return (checked == null ? batch(states) : checked.apply(changes, deadline))
        .thenCompose(done -> mark(markers));
  }

  /** Sends the delete markers that a writer may have died without sending. */
  CompletableFuture<Void> mark(List<Delete> markers) {
    return markers.isEmpty() ? CompletableFuture.completedFuture(null) : batch(markers);
  }

  /** The state cells of these rows, null where there is none, in the order asked. */
  CompletableFuture<List<@Nullable Cell>> states(List<byte[]> rowKeys) {
    List<Get> asked = new ArrayList<>(rowKeys.size());
    for (byte[] rowKey : rowKeys) {
      asked.add(new Get(rowKey).addColumn(layout.stateFamily(), StateCell.QUALIFIER));
    }
    return client
        .table(layout.table())
        .thenCompose(
            table ->
                meter.hbase(Operation.WRITE, asked.size(), Truth::bytes, () -> table.getAll(asked)))
        .thenApply(
            results -> {
              Answers.requireRows(rowKeys, results);
              List<@Nullable Cell> states = new ArrayList<>(results.size());
              for (Result result : results) {
                states.add(result.getColumnLatestCell(layout.stateFamily(), StateCell.QUALIFIER));
              }
              return states;
            });
  }

  /** Applies each of these that its row allows, and says which were. */
  CompletableFuture<List<Boolean>> applyIf(List<CheckAndMutate> steps) {
    return client
        .table(layout.table())
        .thenCompose(
            table ->
                meter.hbase(
                    Operation.WRITE, steps.size(), done -> 0, () -> table.checkAndMutateAll(steps)))
        .thenApply(
            results -> {
              Answers.requireAll("HBase", steps.size(), results);
              return results.stream().map(CheckAndMutateResult::isSuccess).toList();
            });
  }

  /** The next rows of a scan as HBase gives them. */
  CompletableFuture<List<Result>> scan(Scan scan) {
    scan.setFamilyMap(gets.declared());
    return client
        .table(layout.table())
        .thenCompose(
            table ->
                meter.hbase(
                    Operation.SCAN, scan.getLimit(), Truth::bytes, () -> table.scanAll(scan)))
        .thenApply(results -> Answers.requireInRange(scan, results));
  }

  Stored decode(Key key, Result result, Projection needed, long now) {
    return decoder.decode(key, result, needed, now);
  }

  private CompletableFuture<Void> batch(List<? extends Row> mutations) {
    return client
        .table(layout.table())
        .thenCompose(
            table ->
                meter.hbase(
                    Operation.WRITE,
                    mutations.size(),
                    done -> 0,
                    () ->
                        CompletableFuture.allOf(
                            table.batch(mutations).toArray(CompletableFuture[]::new))));
  }

  private static long bytes(List<Result> results) {
    long bytes = 0;
    for (Result result : results) {
      Cell[] cells = result.rawCells();
      if (cells != null) {
        for (Cell cell : cells) {
          bytes += cell.getValueLength();
        }
      }
    }
    return bytes;
  }
}
