// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.internal.maintenance;

import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.Maintenance;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.tck.internal.fixture.Copies;
import io.dimstore.tck.internal.fixture.Kit;
import io.dimstore.tck.internal.fixture.Rows;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** M4: comparisons, repairs and purges that are impossible fail. */
public abstract class MaintenanceFailureRules {

  private final Kit kit;

  public MaintenanceFailureRules(Kit kit) {
    this.kit = kit;
  }

  @Test
  void m4aASplitOfAnotherTableOrStoreIsInvalid() {
    Rows rows = kit.rows("copies");
    Rows other = kit.rows("copies_checked");
    Copies.with(
        kit,
        rows,
        copies -> {
          Maintenance own = copies.maintenance();
          for (String text : List.of("", "x", "nosuchstore/1/x", "…/1/a/b/c")) {
            assertInvalid(own, new ScanSplit(text));
          }
          Copies.with(
              kit,
              other,
              others -> {
                for (ScanSplit split : kit.answers().await(others.maintenance().checkSplits(1))) {
                  kit.answers().assertFails(Kind.INVALID, () -> own.check(split, 10, false));
                }
                for (ScanSplit split :
                    kit.answers().await(other.table().splits(1, ScanOptions.rows(other.all())))) {
                  kit.answers().assertFails(Kind.INVALID, () -> own.purge(split, 10));
                }
              });
        });
  }

  private void assertInvalid(Maintenance copies, ScanSplit split) {
    kit.answers().assertFails(Kind.INVALID, () -> copies.check(split, 10, false));
    kit.answers().assertFails(Kind.INVALID, () -> copies.purge(split, 10));
  }

  @Test
  void m4bMissingTableCannotBeCompared() {
    Rows missing = new Rows(kit, kit.store(), kit.declarePlain("copies_missing"), "p-");
    Copies.with(
        kit,
        missing,
        copies ->
            kit.answers().assertFails(Kind.NO_TABLE, () -> copies.maintenance().checkSplits(1)));
  }

  @Test
  void m4cClosedStoreFailsEveryMaintenanceCall() {
    Rows rows = kit.rows("copies");
    DimensionStore another = kit.open(Map.of());
    Copies.with(
        kit,
        rows.through(another),
        copies -> {
          Maintenance own = copies.maintenance();
          ScanSplit checked = kit.answers().await(own.checkSplits(1)).get(0);
          another.close();
          kit.answers().assertFails(Kind.CLOSED, () -> own.repair(1));
          kit.answers().assertFails(Kind.CLOSED, () -> own.backlog(1));
          kit.answers().assertFails(Kind.CLOSED, () -> own.checkSplits(1));
          kit.answers().assertFails(Kind.CLOSED, () -> own.check(checked, 10, false));
          kit.answers().assertFails(Kind.CLOSED, () -> own.purge(checked, 10));
        });
  }
}
