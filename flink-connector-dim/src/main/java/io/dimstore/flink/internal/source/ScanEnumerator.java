// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.source;

import io.dimstore.flink.internal.row.ProducedColumns;
import io.dimstore.flink.internal.row.RowProducer;
import io.dimstore.flink.internal.store.DimTable;
import io.dimstore.flink.internal.store.ReportedFailures;
import io.dimstore.flink.internal.store.SharedStore;
import io.dimstore.flink.internal.store.StoreUnloading;
import io.dimstore.spi.BoundedScans;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanSplit;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.util.FlinkRuntimeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Divides a table, or the keys to read, into splits and assigns them to the readers that request
 * them. The division does not run on the coordinator's thread. A few splits per reader are created,
 * so that readers finish at about the same time.
 */
final class ScanEnumerator implements SplitEnumerator<DimSplit, ScanProgress> {

  private static final Logger LOG = LoggerFactory.getLogger(ScanEnumerator.class);

  private static final int SPLITS_PER_READER = 4;

  private final DimTable table;
  private final ProducedColumns produced;
  private final ScannedKeys keys;
  private final SplitEnumeratorContext<DimSplit> context;
  private final Deque<DimSplit> unassigned;
  private final Set<Integer> asking = new LinkedHashSet<>();
  private boolean divided;

  ScanEnumerator(
      DimTable table,
      ProducedColumns produced,
      ScannedKeys keys,
      SplitEnumeratorContext<DimSplit> context,
      ScanProgress progress) {
    this.table = table;
    this.produced = produced;
    this.keys = keys;
    this.context = context;
    this.unassigned = new ArrayDeque<>(progress.unassigned());
    this.divided = progress.divided();
  }

  @Override
  public void start() {
    if (!divided) {
      int desired = Math.max(1, context.currentParallelism()) * SPLITS_PER_READER;
      context.callAsync(() -> divide(desired), this::divided);
    }
  }

  /** Returns the tokens of the splits. */
  private List<String> divide(int desired) throws IOException {
    StoreUnloading.registerOnJobManager();
    try (SharedStore.Lease lease = SharedStore.lease(table.store(), context.metricGroup())) {
      lease.prepare(table, false);
      LOG.info("Reading {} {}", table.describe(), keys);
      List<byte[]> single = keys.single();
      if (single != null) {
        return KeySplit.tokens(single, desired, table.scan().pageSize());
      }
      ScanOptions options =
          keys.scan(table.layout(), new RowProducer(table.layout(), produced).projection());
      DimensionTable stored = lease.store().table(table.layout().spec());
      if (options.from() != null || options.to() != null) {
        boolean bounded =
            stored.capability(BoundedScans.class).map(it -> it.isBounded(options)).orElse(false);
        if (!bounded) {
          LOG.warn(
              "{} is read as a whole for {}: the store cannot read this range of keys alone."
                  + " docs/connector-options.md lists which ranges it can read",
              table.describe(),
              keys);
        }
      }
      List<ScanSplit> splits =
          ReportedFailures.await(
              lease.retry(table).run(() -> stored.splits(desired, options)),
              "Dividing " + table.describe());
      return splits.stream().map(ScanSplit::token).toList();
    }
  }

  private void divided(@Nullable List<String> splits, @Nullable Throwable failure) {
    if (splits == null) {
      throw new FlinkRuntimeException(
          failure == null ? "No splits" : String.valueOf(failure.getMessage()), failure);
    }
    for (int i = 0; i < splits.size(); i++) {
      unassigned.add(new DimSplit(Integer.toString(i), splits.get(i)));
    }
    divided = true;
    List<Integer> waiting = new ArrayList<>(asking);
    asking.clear();
    waiting.forEach(this::serve);
  }

  @Override
  public void handleSplitRequest(int subtask, @Nullable String host) {
    if (divided) {
      serve(subtask);
    } else {
      asking.add(subtask);
    }
  }

  private void serve(int subtask) {
    if (!context.registeredReaders().containsKey(subtask)) {
      return;
    }
    DimSplit split = unassigned.poll();
    if (split == null) {
      context.signalNoMoreSplits(subtask);
    } else {
      context.assignSplit(split, subtask);
    }
  }

  @Override
  public void addSplitsBack(List<DimSplit> splits, int subtask) {
    splits.forEach(unassigned::addFirst);
  }

  @Override
  public void addReader(int subtask) {
    // Readers request splits themselves.
  }

  @Override
  public ScanProgress snapshotState(long checkpoint) {
    return new ScanProgress(divided, new ArrayList<>(unassigned));
  }

  @Override
  public void close() {
    // There is nothing to close: the store is held only while the table is being divided.
  }
}
