// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.hbase;

import io.dimstore.hbaseredis.internal.common.AnswerChecks;
import io.dimstore.hbaseredis.internal.common.Failures;
import io.dimstore.hbaseredis.internal.common.Meter;
import io.dimstore.hbaseredis.internal.encoding.EncodedChange;
import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.encoding.RowState;
import io.dimstore.hbaseredis.internal.encoding.StateCell;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics.Operation;
import io.dimstore.spi.support.Deadline;
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

/** Reads and writes one table's rows in HBase. Thread-safe. */
public final class HBaseRows {

  private final HBaseTables client;
  private final Meter meter;
  private final Layout layout;
  private final RowDecoder decoder;
  private final RowGets gets;
  private final @Nullable CheckedRows checked;
  private final @Nullable ReplicationOrigin origin;

  public HBaseRows(HBaseTables client, Meter meter, Layout layout) {
    this(client, meter, layout, false, null);
  }

  /**
   * Creates the access to one table's rows.
   *
   * @param checksWrites whether a row is written only if its state cell is unchanged since it was
   *     read
   * @param origin the origin that all changes are marked with, or null
   */
  public HBaseRows(
      HBaseTables client,
      Meter meter,
      Layout layout,
      boolean checksWrites,
      @Nullable String origin) {
    this.origin = origin == null ? null : new ReplicationOrigin(origin);
    this.checked = checksWrites ? new CheckedRows(this, layout) : null;
    this.client = client;
    this.meter = meter;
    this.layout = layout;
    this.decoder = new RowDecoder(layout);
    this.gets = new RowGets(layout);
  }

  /**
   * Reads the states of rows, in the order of the keys. All declared columns are read, for two
   * reasons: if other tools write too, the existence and the version of a row depend on each
   * column, and Redis is filled with whole rows.
   *
   * @param needed the columns that the caller needs; if one of them cannot be read, the row counts
   *     as unreadable
   * @param now when rows expire, in epoch milliseconds
   * @param corrupt is called for each key whose row cannot be read; the state of that row is {@link
   *     RowState#NOTHING}
   */
  public CompletableFuture<List<RowState>> read(
      List<Key> keys,
      List<byte[]> rowKeys,
      Projection needed,
      long now,
      BiConsumer<Key, StoreException> corrupt) {
    return read(rowKeys).thenApply(results -> decode(keys, results, needed, now, corrupt));
  }

  /** Decodes rows that {@link #read(List)} has read, as the method above does. */
  public List<RowState> decode(
      List<Key> keys,
      List<Result> results,
      Projection needed,
      long now,
      BiConsumer<Key, StoreException> corrupt) {
    List<RowState> stored = new ArrayList<>(results.size());
    for (int i = 0; i < keys.size(); i++) {
      RowState row = RowState.NOTHING;
      try {
        row = decoder.decode(keys.get(i), results.get(i), needed, now);
      } catch (StoreException e) {
        corrupt.accept(keys.get(i), e);
      }
      stored.add(row);
    }
    return stored;
  }

  /**
   * Returns when other tools last changed rows since dimstore wrote them, in epoch milliseconds, in
   * the order of the row keys; -1 for the other rows.
   */
  CompletableFuture<List<Long>> foreignWrites(List<byte[]> rowKeys, long now) {
    return read(rowKeys)
        .thenApply(results -> results.stream().map(row -> decoder.foreignWrite(row, now)).toList());
  }

  /** Reads rows with all declared cells, and perhaps others, in the order of the row keys. */
  public CompletableFuture<List<Result>> read(List<byte[]> rowKeys) {
    List<Get> asked = gets.of(rowKeys);
    return client
        .table(layout.table())
        .thenCompose(
            table ->
                meter.hbase(
                    Operation.GET, asked.size(), HBaseRows::bytes, () -> table.getAll(asked)))
        .thenApply(
            results -> {
              AnswerChecks.requireRows(rowKeys, results);
              gets.learn(results);
              return results;
            });
  }

  /**
   * Applies changes of different keys. Completes when all have been applied, and fails if any
   * failed; others may then have been applied.
   *
   * @param deadline with checked writes, no further attempt begins after it; plain writes ignore it
   */
  public CompletableFuture<Void> apply(List<EncodedChange> changes, Deadline deadline) {
    List<Row> states = new ArrayList<>(changes.size());
    List<Delete> markers = new ArrayList<>();
    for (EncodedChange change : changes) {
      states.add(change.state());
      change.markers(layout).ifPresent(markers::add);
    }
    // Delete markers are sent after the state cells. If the writer died after sending only a
    // marker, the stock connector would not see a row that dimstore still sees.
    return (checked == null ? batch(states) : checked.apply(changes, deadline))
        .thenCompose(done -> sendDeleteMarkers(markers));
  }

  /**
   * Sends delete markers. A writer that died may not have sent them, so repairs send them again.
   */
  public CompletableFuture<Void> sendDeleteMarkers(List<Delete> markers) {
    return markers.isEmpty() ? CompletableFuture.completedFuture(null) : batch(markers);
  }

  /**
   * Reads the state cells of these rows, in the order of the row keys; null for a row without one.
   */
  public CompletableFuture<List<@Nullable Cell>> states(List<byte[]> rowKeys) {
    List<Get> asked = new ArrayList<>(rowKeys.size());
    for (byte[] rowKey : rowKeys) {
      asked.add(new Get(rowKey).addColumn(layout.stateFamily(), StateCell.QUALIFIER));
    }
    return client
        .table(layout.table())
        .thenCompose(
            table ->
                meter.hbase(
                    Operation.WRITE, asked.size(), HBaseRows::bytes, () -> table.getAll(asked)))
        .thenApply(
            results -> {
              AnswerChecks.requireRows(rowKeys, results);
              List<@Nullable Cell> states = new ArrayList<>(results.size());
              for (Result result : results) {
                states.add(result.getColumnLatestCell(layout.stateFamily(), StateCell.QUALIFIER));
              }
              return states;
            });
  }

  /** Applies each mutation whose condition holds. Returns for each whether it was applied. */
  public CompletableFuture<List<Boolean>> applyIf(List<CheckAndMutate> steps) {
    if (origin != null) {
      steps.forEach(step -> origin.mark(step.getAction()));
    }
    return client
        .table(layout.table())
        .thenCompose(
            table ->
                meter.hbase(
                    Operation.WRITE, steps.size(), done -> 0, () -> table.checkAndMutateAll(steps)))
        .thenApply(
            results -> {
              AnswerChecks.requireAll("HBase", steps.size(), results);
              return results.stream().map(CheckAndMutateResult::isSuccess).toList();
            });
  }

  /**
   * Applies each mutation whose condition holds. Unlike {@link #applyIf}, answers for each of them,
   * even if others fail.
   */
  public CompletableFuture<List<Outcome>> tryIf(List<CheckAndMutate> steps) {
    if (origin != null) {
      steps.forEach(step -> origin.mark(step.getAction()));
    }
    List<CompletableFuture<CheckAndMutateResult>> answers = new ArrayList<>(steps.size());
    return client
        .table(layout.table())
        .thenCompose(
            table ->
                meter.hbase(
                    Operation.WRITE,
                    steps.size(),
                    done -> 0,
                    () -> {
                      answers.addAll(table.checkAndMutate(steps));
                      return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new));
                    }))
        .handle(
            (done, failure) -> {
              if (answers.isEmpty() && failure != null) {
                throw Failures.of("HBase", failure); // Nothing was sent.
              }
              AnswerChecks.requireAll("HBase", steps.size(), answers);
              return answers.stream().map(HBaseRows::outcome).toList();
            });
  }

  private static Outcome outcome(CompletableFuture<CheckAndMutateResult> answer) {
    return answer
        .handle(
            (result, failure) ->
                failure == null
                    ? new Outcome(result.isSuccess(), null)
                    : new Outcome(false, Failures.of("HBase", failure)))
        .join();
  }

  /**
   * What became of a conditional mutation.
   *
   * @param applied whether the condition held
   * @param failure if HBase may or may not have applied it, why; otherwise null
   */
  public record Outcome(boolean applied, @Nullable StoreException failure) {}

  /** Returns the next rows of a scan, not decoded. */
  public CompletableFuture<List<Result>> scan(Scan scan) {
    scan.setFamilyMap(gets.declared());
    return client
        .table(layout.table())
        .thenCompose(
            table ->
                meter.hbase(
                    Operation.SCAN, scan.getLimit(), HBaseRows::bytes, () -> table.scanAll(scan)))
        .thenApply(results -> AnswerChecks.requireInRange(scan, results));
  }

  public RowState decode(Key key, Result result, Projection needed, long now) {
    return decoder.decode(key, result, needed, now);
  }

  private CompletableFuture<Void> batch(List<? extends Row> mutations) {
    if (origin != null) {
      mutations.forEach(origin::mark);
    }
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
