// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.faults;

import io.dimstore.spi.Maintenance;
import io.dimstore.spi.ScanSplit;
import io.dimstore.tck.faults.FaultyStore.Call;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The maintenance of a table whose calls meet the plan's faults. */
record FaultyMaintenance(Maintenance maintenance, FaultPlan plan) implements Maintenance {

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
