// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.verify;

import io.dimstore.migration.store.MemoryTables;
import io.dimstore.migration.store.TableProxy;
import io.dimstore.migration.store.TestClock;
import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Maintenance;
import io.dimstore.spi.Maintenance.Difference.Kind;
import io.dimstore.spi.Put;
import io.dimstore.spi.ScanSplit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A table with a cache. Writes to the table are those of a writer that does not know the cache:
 * they leave its entries as they are. An entry ends after {@link #MAX_AGE} by the test's clock.
 */
final class CachedTable extends TableProxy implements Maintenance {

  static final Duration MAX_AGE = Duration.ofSeconds(30);

  private static final int PARTS = 3;

  private record Entry(Put copy, long endsNanos) {}

  private final TestClock clock;
  private final Map<String, Entry> entries = new TreeMap<>();
  private final Set<Key> unreadable = new HashSet<>();
  private int checks;

  CachedTable(DimensionTable inner, TestClock clock) {
    super(inner);
    this.clock = clock;
  }

  /** Puts an entry into the cache that is as old as a lookup just now would have made it. */
  void cache(Put copy) {
    entries.put(copy.key().toString(), new Entry(copy, clock.nanos() + MAX_AGE.toNanos()));
  }

  /** Puts an entry into the cache that never ends. */
  void cacheForEver(Put copy) {
    entries.put(copy.key().toString(), new Entry(copy, Long.MAX_VALUE));
  }

  /** Makes an entry one that cannot be decoded. */
  void damage(Key key) {
    unreadable.add(key);
  }

  /** Returns how often a part of the cache was compared. */
  int checks() {
    return checks;
  }

  @Override
  public <T> Optional<T> capability(Class<T> type) {
    return type == Maintenance.class ? Optional.of(type.cast(this)) : super.capability(type);
  }

  @Override
  public CompletionStage<List<ScanSplit>> checkSplits(int desired) {
    List<ScanSplit> splits = new ArrayList<>();
    for (int part = 0; part < PARTS; part++) {
      splits.add(new ScanSplit("part/" + part));
    }
    return CompletableFuture.completedFuture(splits);
  }

  @Override
  public CompletionStage<CheckPage> check(ScanSplit split, int maxKeys, boolean heal) {
    int part = Integer.parseInt(split.token().substring("part/".length()));
    checks++;
    entries.values().removeIf(entry -> entry.endsNanos <= clock.nanos());
    Map<String, Change> rows = MemoryTables.content(inner);
    int examined = 0;
    int inStep = 0;
    List<Difference> differences = new ArrayList<>();
    for (Map.Entry<String, Entry> entry : entries.entrySet()) {
      if (Math.floorMod(entry.getKey().hashCode(), PARTS) == part) {
        examined++;
        Put copy = entry.getValue().copy();
        Kind kind = kind(rows.get(entry.getKey()), copy);
        if (kind == null) {
          inStep++;
        } else {
          differences.add(new Difference(copy.key(), kind, false));
        }
      }
    }
    return CompletableFuture.completedFuture(
        new CheckPage(examined, examined, inStep, 0, 0, differences, null));
  }

  private Kind kind(Change row, Put copy) {
    if (unreadable.contains(copy.key())) {
      return Kind.UNREADABLE;
    }
    if (!(row instanceof Put put)) {
      return Kind.EXTRA;
    }
    if (put.version() != copy.version()) {
      return put.version() > copy.version() ? Kind.STALE : Kind.EXTRA;
    }
    return put.equals(copy) ? null : Kind.VALUE;
  }

  @Override
  public CompletionStage<Repair> repair(int maxKeys) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<Backlog> backlog(int maxKeys) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<PurgePage> purge(ScanSplit split, int maxKeys) {
    throw new UnsupportedOperationException();
  }
}
