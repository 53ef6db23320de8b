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

  /** With this option copies are read however old they are. */
  static final Map<String, String> AGELESS = Map.of("copies-age", "never");

  private final DimensionStore truth;
  private final Map<String, CopiedTable.Shared> copies;
  private final CopiedTable.Way way;
  private final InstantSource clock;

  CopiedStore(
      DimensionStore truth,
      Map<String, CopiedTable.Shared> copies,
      CopiedTable.Way way,
      InstantSource clock) {
    super(truth, table -> table);
    this.truth = truth;
    this.copies = copies;
    this.way = way;
    this.clock = clock;
  }

  @Override
  public DimensionTable table(TableSpec spec) {
    CopiedTable.Shared shared =
        copies.computeIfAbsent(spec.name(), name -> new CopiedTable.Shared(spec));
    return new CopiedTable(truth.table(spec), spec, shared, way, clock);
  }
}
