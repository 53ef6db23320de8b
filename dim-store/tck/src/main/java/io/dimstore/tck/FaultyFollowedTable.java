package io.dimstore.tck;

import io.dimstore.spi.Change;
import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.FeedPage;
import io.dimstore.spi.FeedPosition;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.tck.FaultyStore.Call;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A faulty table whose changes can be followed: polls meet faults too. */
record FaultyFollowedTable(DimensionTable table, ChangeFeed feed, FaultPlan plan)
    implements DimensionTable, ChangeFeed {

  @Override
  public CompletionStage<List<@Nullable Put>> get(List<Key> keys, Projection columns) {
    return table.get(keys, columns);
  }

  @Override
  public CompletionStage<Void> write(List<Change> changes) {
    return table.write(changes);
  }

  @Override
  public CompletionStage<List<ScanSplit>> splits(int desired, ScanOptions options) {
    return table.splits(desired, options);
  }

  @Override
  public CompletionStage<ScanPage> scan(ScanSplit split, int maxEntries) {
    return table.scan(split, maxEntries);
  }

  @Override
  public CompletionStage<List<FeedPosition>> follow(Start start) {
    return plan.run(Call.FOLLOW, () -> feed.follow(start));
  }

  @Override
  public CompletionStage<FeedPage> poll(FeedPosition position, int maxChanges) {
    return plan.run(Call.FOLLOW, () -> feed.poll(position, maxChanges));
  }
}
