// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal;

import io.dimstore.dynamodb.internal.capacity.Capacity;
import io.dimstore.dynamodb.internal.encoding.ItemSize;
import io.dimstore.dynamodb.internal.read.BatchReader;
import io.dimstore.dynamodb.internal.read.ReadCache;
import io.dimstore.dynamodb.internal.read.RowReader;
import io.dimstore.dynamodb.internal.read.SegmentScan;
import io.dimstore.dynamodb.internal.stream.StreamFeed;
import io.dimstore.dynamodb.internal.table.TimeToLiveMonitor;
import io.dimstore.dynamodb.internal.write.BatchEncoder;
import io.dimstore.dynamodb.internal.write.RowReplacements;
import io.dimstore.dynamodb.internal.write.WriteStrategy;
import io.dimstore.spi.BoundedScans;
import io.dimstore.spi.Change;
import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.FeedPage;
import io.dimstore.spi.FeedPosition;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.RowUpdates;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.SharedBudget;
import io.dimstore.spi.Sizing;
import io.dimstore.spi.StoredChanges;
import io.dimstore.spi.support.Admission;
import io.dimstore.spi.support.ChangeValidator;
import io.dimstore.spi.support.Deadline;
import io.dimstore.spi.support.RetryTimer;
import io.dimstore.spi.support.RowUpdateLoop;
import io.dimstore.spi.support.RowUpdateLoop.Replacement;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A dimension table: admits each call, then passes it to the part that serves it. */
final class DynamoDbTable
    implements DimensionTable,
        ChangeFeed,
        SharedBudget,
        Sizing,
        StoredChanges,
        RowUpdates,
        BoundedScans {

  private final String name;
  private final boolean consistent;
  private final Capacity capacity;
  private final Admission admission;
  private final RowReader reader;
  private final BatchReader storedReader;
  private final Projection all;
  private final @Nullable ReadCache cache;
  private final BatchEncoder encoder;
  private final TimeToLiveMonitor timeToLive;
  private final WriteStrategy writer;
  private final RowReplacements replacements;
  private final RowUpdateLoop updates;
  private final SegmentScan scan;
  private final StreamFeed feed;

  DynamoDbTable(
      String name,
      boolean consistent,
      Capacity capacity,
      Admission admission,
      RowReader reader,
      BatchReader storedReader,
      Projection all,
      @Nullable ReadCache cache,
      BatchEncoder encoder,
      TimeToLiveMonitor timeToLive,
      WriteStrategy writer,
      RowReplacements replacements,
      ChangeValidator validator,
      RetryTimer retries,
      SegmentScan scan,
      StreamFeed feed) {
    this.name = name;
    this.consistent = consistent;
    this.capacity = capacity;
    this.admission = admission;
    this.reader = reader;
    this.storedReader = storedReader;
    this.all = all;
    this.cache = cache;
    this.encoder = encoder;
    this.timeToLive = timeToLive;
    this.writer = writer;
    this.replacements = replacements;
    this.updates = new RowUpdateLoop(new StoredRows(), validator, retries);
    this.scan = scan;
    this.feed = feed;
  }

  @Override
  public CompletionStage<List<@Nullable Put>> get(List<Key> keys, Projection columns) {
    return admission.admit(keys.size(), deadline -> reader.get(keys, columns, deadline));
  }

  @Override
  public CompletionStage<List<@Nullable Change>> stored(List<Key> keys) {
    return admission.admit(keys.size(), deadline -> storedReader.stored(keys, all, deadline));
  }

  @Override
  public Size sizeOf(Change change) {
    int bytes = encoder.encode(List.of(change)).get(0).bytes();
    return new Size(bytes, ItemSize.readUnits(bytes, consistent), ItemSize.writeUnits(bytes));
  }

  @Override
  public Part join(Use use, double fraction) {
    return capacity.join(use, name, fraction);
  }

  @Override
  public CompletionStage<Void> write(List<Change> changes) {
    return admission.admit(
        changes.size(),
        deadline ->
            timeToLive
                .requireSafe(deadline)
                .thenCompose(
                    safe ->
                        cache == null
                            ? writer.apply(encoder.encode(changes), deadline)
                            : cache.writing(
                                changes, () -> writer.apply(encoder.encode(changes), deadline))));
  }

  @Override
  public CompletionStage<Void> update(List<Key> keys, Update update) {
    return admission.admit(
        keys.size(),
        deadline ->
            timeToLive
                .requireSafe(deadline)
                .thenCompose(safe -> updates.run(keys, update, deadline)));
  }

  /** The rows of this table for updates. */
  private final class StoredRows implements RowUpdateLoop.Rows {

    @Override
    public CompletionStage<List<@Nullable Change>> read(List<Key> keys, Deadline deadline) {
      return storedReader.stored(keys, all, deadline);
    }

    @Override
    public CompletionStage<Set<Key>> replace(List<Replacement> rows, Deadline deadline) {
      return cache == null
          ? replacements.replace(rows, deadline)
          : cache.writing(
              rows.stream().<Change>map(Replacement::change).toList(),
              () -> replacements.replace(rows, deadline));
    }
  }

  @Override
  public CompletionStage<List<ScanSplit>> splits(int desired, ScanOptions options) {
    return admission.admit(
        1, deadline -> CompletableFuture.completedFuture(scan.splits(desired, options)));
  }

  @Override
  public boolean isBounded(ScanOptions options) {
    return scan.isQuery(options);
  }

  @Override
  public CompletionStage<ScanPage> scan(ScanSplit split, int maxEntries) {
    return admission.admit(1, deadline -> scan.scan(split, maxEntries, deadline));
  }

  @Override
  public CompletionStage<List<FeedPosition>> follow(Start start) {
    return admission.admit(1, deadline -> feed.follow(start, deadline));
  }

  @Override
  public CompletionStage<FeedPage> poll(FeedPosition position, int maxChanges) {
    return admission.admit(1, deadline -> feed.poll(position, maxChanges, deadline));
  }
}
