package io.dimstore.bench.store;

import io.dimstore.bench.store.StoreSide.Versions;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;

/**
 * The tables of a rig, made and loaded through the store: {@link #READ}, which both sides read, and
 * one for each side to write. Not thread-safe.
 */
final class RigTables {

  static final String READ = "bench_rows";
  static final String STORE_WRITES = "bench_store_writes";
  static final String PLAIN_WRITES = "bench_plain_writes";

  private static final int LOAD_BATCH = 500;
  private static final int LOADS_IN_FLIGHT = 4;

  private final DimensionStore store;
  private final Workload workload;
  private final Versions versions = new Versions();

  RigTables(DimensionStore store, Workload workload) {
    this.store = store;
    this.workload = workload;
  }

  /** Makes the tables and gives them their rows: those to write, the first ones of the workload. */
  void prepare(int writeRows) {
    prepare(READ, workload.rows());
    prepare(STORE_WRITES, writeRows);
    prepare(PLAIN_WRITES, writeRows);
  }

  private void prepare(String name, int rows) {
    Pipeline.await(store.createIfAbsent(Workload.table(name)));
    load(name, rows, versions.next());
  }

  /** Writes the first rows of a table as of a version. */
  void load(String name, int rows, long version) {
    Pipeline.run(workload.puts(rows, LOAD_BATCH, version), LOADS_IN_FLIGHT, of(name)::write);
  }

  /** One of the tables. */
  DimensionTable of(String name) {
    return store.table(Workload.table(name));
  }

  /** What the tables are written as of: whoever writes takes the next. */
  Versions versions() {
    return versions;
  }
}
