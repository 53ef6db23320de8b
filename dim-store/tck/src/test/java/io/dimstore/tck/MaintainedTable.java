package io.dimstore.tck;

import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Maintenance;
import io.dimstore.spi.ScanSplit;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** A table with copies that passes on every call, for others to override one. */
class MaintainedTable extends SpoiledTable implements Maintenance {

  MaintainedTable(DimensionTable inner) {
    super(inner);
  }

  private Maintenance maintenance() {
    return (Maintenance) inner;
  }

  @Override
  public CompletionStage<Repair> repair(int maxKeys) {
    return maintenance().repair(maxKeys);
  }

  @Override
  public CompletionStage<Backlog> backlog(int maxKeys) {
    return maintenance().backlog(maxKeys);
  }

  @Override
  public CompletionStage<List<ScanSplit>> checkSplits(int desired) {
    return maintenance().checkSplits(desired);
  }

  @Override
  public CompletionStage<CheckPage> check(ScanSplit split, int maxKeys, boolean heal) {
    return maintenance().check(split, maxKeys, heal);
  }

  @Override
  public CompletionStage<PurgePage> purge(ScanSplit split, int maxKeys) {
    return maintenance().purge(split, maxKeys);
  }
}
