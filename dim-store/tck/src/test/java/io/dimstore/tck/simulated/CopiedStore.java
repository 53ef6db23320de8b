// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.simulated;

import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.TableSpec;
import io.dimstore.tck.faults.DelegatingStore;
import java.time.InstantSource;
import java.util.Map;

/** A store that keeps copies of rows in {@link CopiedTable}s. */
public final class CopiedStore extends DelegatingStore {

  /** With this option writes do not reach the copies. */
  static final Map<String, String> AWAY = Map.of("copies", "away");

  /** With this option copies of any age are read. */
  public static final Map<String, String> AGELESS = Map.of("copies-age", "never");

  private final DimensionStore records;
  private final Map<String, CopiedTable.Shared> copies;
  private final CopiedTable.Use use;
  private final InstantSource clock;

  CopiedStore(
      DimensionStore records,
      Map<String, CopiedTable.Shared> copies,
      CopiedTable.Use use,
      InstantSource clock) {
    super(records, table -> table);
    this.records = records;
    this.copies = copies;
    this.use = use;
    this.clock = clock;
  }

  @Override
  public DimensionTable table(TableSpec spec) {
    CopiedTable.Shared shared =
        copies.computeIfAbsent(spec.name(), name -> new CopiedTable.Shared(spec));
    return new CopiedTable(records.table(spec), spec, shared, use, clock);
  }
}
