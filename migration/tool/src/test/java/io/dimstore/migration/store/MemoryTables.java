// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.store;

import io.dimstore.memory.MemoryStores;
import io.dimstore.spi.Change;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** Two tables of equal columns in two instances of the store memory. */
public final class MemoryTables implements AutoCloseable {

  public static final TableSpec SPEC =
      new TableSpec(
          "dim_thing",
          List.of(
              new Column("id", DataType.STRING),
              new Column("name", DataType.STRING),
              new Column("level", DataType.Simple.INT)),
          List.of("id"));

  private final String instance = UUID.randomUUID().toString();
  private final DimensionStore fromStore = open("from");
  private final DimensionStore toStore = open("to");

  public MemoryTables() {
    fromStore.createIfAbsent(SPEC).toCompletableFuture().join();
    toStore.createIfAbsent(SPEC).toCompletableFuture().join();
  }

  private DimensionStore open(String side) {
    return DimensionStores.open(
        "memory", Map.of("instance", instance + side), StoreMetrics.NONE, InstantSource.system());
  }

  public DimensionTable from() {
    return fromStore.table(SPEC);
  }

  public DimensionTable to() {
    return toStore.table(SPEC);
  }

  /** Returns the source with another declaration, which makes rows unreadable. */
  public DimensionTable from(TableSpec other) {
    return fromStore.table(other);
  }

  public Side fromSide() {
    return side("from", from());
  }

  public Side toSide() {
    return side("to", to());
  }

  public static Side side(String name, DimensionTable table) {
    return new Side("memory-" + name + ":" + SPEC.name(), SPEC, table);
  }

  public static Put row(int id, String name, long version) {
    return new Put(Key.of("k" + id), Row.of(name, id), version);
  }

  public static void write(DimensionTable table, Change... changes) {
    write(table, List.of(changes));
  }

  public static void write(DimensionTable table, List<? extends Change> changes) {
    table.write(List.copyOf(changes)).toCompletableFuture().join();
  }

  /** Writes to both tables. */
  public void writeBoth(List<? extends Change> changes) {
    write(from(), changes);
    write(to(), changes);
  }

  /** Returns rows k0 to kn-1, of which some expire and some are deleted. */
  public static List<Change> mixed(int count, long now) {
    List<Change> changes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Key key = Key.of("k" + i);
      long version = now - 100_000 + i % 1_000;
      if (i % 10 == 3) {
        changes.add(new Delete(key, version));
      } else if (i % 10 == 5) {
        changes.add(new Put(key, Row.of("n" + i, i), version, now - 1_000));
      } else if (i % 10 == 7) {
        changes.add(new Put(key, Row.of("n" + i, null), version, now + 86_400_000));
      } else {
        changes.add(new Put(key, Row.of("n" + i, i), version));
      }
    }
    return changes;
  }

  /** Returns all rows and tombstones, in the order of their keys. */
  public static Map<String, Change> content(DimensionTable table) {
    Map<String, Change> found = new TreeMap<>();
    ScanOptions all = new ScanOptions(SPEC.all(), null, null, true);
    for (ScanSplit split : table.splits(1, all).toCompletableFuture().join()) {
      for (ScanSplit rest = split; rest != null; ) {
        ScanPage page = table.scan(rest, 10_000).toCompletableFuture().join();
        page.changes().forEach(change -> found.put(change.key().toString(), change));
        rest = page.remaining();
      }
    }
    return found;
  }

  @Override
  public void close() {
    fromStore.close();
    toStore.close();
    MemoryStores.clear(instance + "from");
    MemoryStores.clear(instance + "to");
  }
}
