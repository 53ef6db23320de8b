// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.source;

import io.dimstore.flink.DimOptions;
import io.dimstore.flink.internal.metrics.ConnectorMetric;
import io.dimstore.flink.internal.row.ProducedColumns;
import io.dimstore.flink.internal.row.RowProducer;
import io.dimstore.flink.internal.store.DimTable;
import io.dimstore.flink.internal.store.ReportedFailures;
import io.dimstore.flink.internal.store.SharedStore;
import io.dimstore.flink.internal.store.StoreUnloading;
import io.dimstore.flink.internal.store.TableMeter;
import io.dimstore.spi.KeyCodec;
import io.dimstore.spi.Put;
import io.dimstore.spi.SharedBudget;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.UnreadableRow;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.table.data.RowData;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads splits one after the other, page by page. The next page is requested while the current one
 * is emitted. A whole page is emitted between two checkpoints, so the position in a checkpoint is
 * always one that the store returned, or the keys that are still to be asked for. A row count as
 * the position would be wrong once rows have changed.
 */
final class ScanReader implements SourceReader<RowData, DimSplit> {

  private static final Logger LOG = LoggerFactory.getLogger(ScanReader.class);

  private final DimTable table;
  private final long limit;
  private final SourceReaderContext context;
  private final RowProducer producer;
  private final Deque<DimSplit> splits = new ArrayDeque<>();

  private SharedStore.@Nullable Lease lease;
  private @Nullable PageReader reader;
  private @Nullable TableMeter scanned;
  private @Nullable TableMeter unreadable;
  private @Nullable CompletableFuture<PageReader.Page> page;
  private CompletableFuture<Void> available = new CompletableFuture<>();
  private boolean noMoreSplits;
  private long emitted;

  ScanReader(DimTable table, ProducedColumns produced, long limit, SourceReaderContext context) {
    this.table = table;
    this.limit = limit;
    this.context = context;
    this.producer = new RowProducer(table.layout(), produced);
  }

  @Override
  public void start() {
    StoreUnloading.register(context.getUserCodeClassLoader()::registerReleaseHookIfAbsent);
    lease = SharedStore.lease(table.store(), context.metricGroup());
    lease.takePart(table, SharedBudget.Use.READ, context.currentParallelism());
    reader =
        new PageReader(
            lease.store().table(table.layout().spec()),
            producer.projection(),
            new KeyCodec(table.layout().spec().key()),
            table.scan().pageSize(),
            lease.retry(table));
    scanned = TableMeter.of(table, ConnectorMetric.ROWS_SCANNED, context.metricGroup());
    unreadable = TableMeter.of(table, ConnectorMetric.UNREADABLE_ROWS, context.metricGroup());
    if (splits.isEmpty()) {
      context.sendSplitRequest();
    }
  }

  @Override
  public InputStatus pollNext(ReaderOutput<RowData> output) throws IOException {
    if (emitted >= limit || (splits.isEmpty() && noMoreSplits)) {
      return InputStatus.END_OF_INPUT;
    }
    DimSplit split = splits.peek();
    if (split == null) {
      return InputStatus.NOTHING_AVAILABLE;
    }
    if (page == null) {
      page = fetch(split);
    }
    if (!page.isDone()) {
      available = page.handle((ready, failure) -> null);
      return InputStatus.NOTHING_AVAILABLE;
    }
    PageReader.Page ready = result(page);
    page = null;
    splits.remove();
    DimSplit rest = ready.rest();
    if (rest == null) {
      advance();
    } else {
      splits.addFirst(rest);
      page = fetch(rest);
    }
    emit(ready, output);
    return InputStatus.MORE_AVAILABLE;
  }

  private void advance() {
    DimSplit next = splits.peek();
    if (next != null) {
      page = fetch(next);
    } else if (!noMoreSplits) {
      available = new CompletableFuture<>();
      context.sendSplitRequest();
    }
  }

  private void emit(PageReader.Page ready, ReaderOutput<RowData> output) {
    long before = emitted;
    for (Put put : ready.rows()) {
      if (emitted < limit) {
        output.collect(producer.produce(put));
        emitted++;
      }
    }
    Objects.requireNonNull(scanned, "not started").add(emitted - before);
  }

  private CompletableFuture<PageReader.Page> fetch(DimSplit split) {
    return Objects.requireNonNull(reader, "not started").next(split);
  }

  /**
   * Returns the page that was read.
   *
   * @throws IOException if the page cannot be read, or contains an unreadable row and unreadable
   *     rows fail the job. The position stays before the page. A restart reads the page again and
   *     fails in the same way until the row is repaired.
   */
  private PageReader.Page result(CompletableFuture<PageReader.Page> done) throws IOException {
    PageReader.Page ready;
    try {
      ready = done.join();
    } catch (CompletionException | StoreException e) {
      throw ReportedFailures.of("Scanning " + table.describe(), e);
    }
    if (!ready.unreadable().isEmpty()) {
      UnreadableRow first = ready.unreadable().get(0);
      if (table.scan().unreadable() == DimOptions.UnreadableRows.FAIL) {
        throw unreadable(first);
      }
      LOG.warn(
          "Skipped unreadable rows of {}: {}. The first one has key {}: {}",
          table.describe(),
          ready.unreadable().size(),
          first.key() == null ? "unknown" : first.key(),
          first.reason());
      Objects.requireNonNull(unreadable, "not started").add(ready.unreadable().size());
    }
    return ready;
  }

  private IOException unreadable(UnreadableRow row) {
    String key = row.key() == null ? "A row" : "The row with key " + row.key();
    return new IOException(
        "Scanning "
            + table.describe()
            + " failed (CORRUPT): "
            + key
            + " cannot be decoded: "
            + row.reason()
            + ". Remedy: write the row again or delete it, or set '"
            + DimOptions.SCAN_UNREADABLE_ROWS.key()
            + "' = 'skip'.");
  }

  @Override
  public List<DimSplit> snapshotState(long checkpoint) {
    return new ArrayList<>(splits);
  }

  @Override
  public CompletableFuture<Void> isAvailable() {
    return available;
  }

  @Override
  public void addSplits(List<DimSplit> added) {
    splits.addAll(added);
    available.complete(null);
  }

  @Override
  public void notifyNoMoreSplits() {
    noMoreSplits = true;
    available.complete(null);
  }

  @Override
  public void close() {
    if (lease != null) {
      lease.close();
    }
  }
}
