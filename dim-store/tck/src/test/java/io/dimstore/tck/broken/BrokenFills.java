// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.broken;

import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Maintenance.Repair;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.tck.harness.Clause;
import io.dimstore.tck.simulated.CopiedTable;
import io.dimstore.tck.simulated.DelegatingTable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Stores whose fills and repairs undo writes: R3 for copies. */
final class BrokenFills {

  private static final long LATE_MILLIS = 5;

  private BrokenFills() {}

  static List<Broken> all() {
    return List.of(
        Broken.tables(
            Clause.R3G,
            "fills a copy that was too old with a row read before a write",
            (t, c) -> filling(t)),
        Broken.tables(
            Clause.R3H, "repairs a copy with a row read before a write", (t, c) -> repairing(t)),
        Broken.tables(Clause.R3I, "repairs only copies of older versions", (t, c) -> strictly(t)));
  }

  private static <T> CompletionStage<T> later(T value, Runnable work) {
    return CompletableFuture.supplyAsync(
        () -> {
          work.run();
          return value;
        },
        CompletableFuture.delayedExecutor(LATE_MILLIS, TimeUnit.MILLISECONDS));
  }

  private static DimensionTable filling(DimensionTable table) {
    CopiedTable copies = CopiedTable.of(table);
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
        boolean aged = keys.stream().anyMatch(copies::hasAgedCopy);
        CompletionStage<List<Put>> read = super.get(keys, columns);
        return aged ? read.thenCompose(rows -> later(rows, () -> copies.fill(rows))) : read;
      }
    };
  }

  private static DimensionTable repairing(DimensionTable table) {
    CopiedTable copies = CopiedTable.of(table);
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<Repair> repair(int maxKeys) {
        List<Key> pending = copies.pending();
        return pending.isEmpty()
            ? super.repair(maxKeys)
            : copies
                .recordsOf(pending)
                .thenCombine(
                    super.repair(maxKeys), (rows, repair) -> later(repair, () -> copies.fill(rows)))
                .thenCompose(late -> late);
      }
    };
  }

  private static DimensionTable strictly(DimensionTable table) {
    CopiedTable copies = CopiedTable.of(table);
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<Repair> repair(int maxKeys) {
        List<Key> pending = copies.pending();
        List<Put> before = copies.copiesOf(pending);
        return copies
            .recordsOf(pending)
            .thenCombine(
                super.repair(maxKeys),
                (records, repair) -> {
                  copies.fill(ofEqualVersion(before, records));
                  return repair;
                });
      }
    };
  }

  private static List<Put> ofEqualVersion(List<Put> copies, List<Put> records) {
    List<Put> equal = new ArrayList<>();
    for (int i = 0; i < copies.size(); i++) {
      Put copy = copies.get(i);
      Put row = records.get(i);
      if (copy != null && row != null && copy.version() == row.version()) {
        equal.add(copy);
      }
    }
    return equal;
  }
}
