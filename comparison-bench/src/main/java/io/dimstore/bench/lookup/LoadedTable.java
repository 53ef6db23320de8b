// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.lookup;

import io.dimstore.bench.fixture.FixtureTables;
import io.dimstore.bench.lookup.arm.LookupContext;
import io.dimstore.bench.lookup.arm.LookupServers;
import io.dimstore.bench.lookup.job.DimensionRows;
import io.dimstore.bench.subject.Stages;
import io.dimstore.bench.workload.ClosedLoop;
import io.dimstore.bench.workload.RowWorkload;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.Key;
import io.dimstore.spi.StoreMetrics;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes the table through the stores of dimstore, so that all arms find the same rows. */
final class LoadedTable {

  private static final int READ_BATCH = 500;
  private static final int READS_IN_FLIGHT = 4;

  private LoadedTable() {}

  /** Creates the table of a store, and writes all rows. */
  static void load(String store, LookupServers servers, RowWorkload workload) {
    Map<String, String> options = new TreeMap<>(servers.options(store));
    options.put("deadline", "60 s");
    if (store.equals("dynamodb")) {
      options.put("attempt-timeout", "20 s");
    }
    try (DimensionStore opened =
        DimensionStores.open(store, options, StoreMetrics.NONE, InstantSource.system())) {
      FixtureTables tables = new FixtureTables(opened, workload);
      Stages.await(opened.createIfAbsent(RowWorkload.table(LookupContext.TABLE)));
      tables.load(LookupContext.TABLE, workload.rows(), DimensionRows.VERSION);
      // A store with a cache then has every row there.
      List<List<Key>> keys = workload.keys(workload.rows(), READ_BATCH, 0);
      ClosedLoop.run(
          keys,
          READS_IN_FLIGHT,
          some ->
              tables
                  .of(LookupContext.TABLE)
                  .get(some, RowWorkload.table(LookupContext.TABLE).all()));
    }
  }
}
