package io.dimstore.tck;

import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.TableSpec;
import java.time.InstantSource;
import java.util.Map;

/** A store of {@link CopiedTable}s. */
final class CopiedStore extends SpoiledStore {

  /** With this option nothing reaches the copies. */
  static final Map<String, String> AWAY = Map.of("copies", "away");

  private final DimensionStore truth;
  private final Map<String, CopiedTable.Shared> copies;
  private final boolean reachesCopies;
  private final InstantSource clock;

  CopiedStore(
      DimensionStore truth,
      Map<String, CopiedTable.Shared> copies,
      boolean reachesCopies,
      InstantSource clock) {
    super(truth, table -> table);
    this.truth = truth;
    this.copies = copies;
    this.reachesCopies = reachesCopies;
    this.clock = clock;
  }

  @Override
  public DimensionTable table(TableSpec spec) {
    CopiedTable.Shared shared =
        copies.computeIfAbsent(spec.name(), name -> new CopiedTable.Shared());
    return new CopiedTable(truth.table(spec), spec, shared, reachesCopies, clock);
  }
}
