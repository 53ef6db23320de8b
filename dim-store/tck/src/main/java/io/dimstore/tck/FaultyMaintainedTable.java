package io.dimstore.tck;

import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Maintenance;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.tck.FaultyStore.Call;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A faulty table of a store that keeps copies: its repairs and checks meet faults too. */
record FaultyMaintainedTable(DimensionTable table, Maintenance maintenance, FaultPlan plan)
    implements DimensionTable, Maintenance {

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
  public CompletionStage<Repair> repair(int maxKeys) {
    return plan.run(Call.REPAIR, () -> maintenance.repair(maxKeys));
  }

  @Override
  public CompletionStage<Backlog> backlog(int maxKeys) {
    return plan.run(Call.REPAIR, () -> maintenance.backlog(maxKeys));
  }

  @Override
  public CompletionStage<List<ScanSplit>> checkSplits(int desired) {
    return plan.run(Call.REPAIR, () -> maintenance.checkSplits(desired));
  }

  @Override
  public CompletionStage<CheckPage> check(ScanSplit split, int maxKeys, boolean heal) {
    return plan.run(Call.REPAIR, () -> maintenance.check(split, maxKeys, heal));
  }

  @Override
  public CompletionStage<PurgePage> purge(ScanSplit split, int maxKeys) {
    return plan.run(Call.REPAIR, () -> maintenance.purge(split, maxKeys));
  }
}
