// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror;

import io.dimstore.memory.MemoryStores;
import io.dimstore.mirror.control.MirrorMode;
import io.dimstore.mirror.control.ModeRecords;
import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.Column;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoredChanges;
import io.dimstore.spi.TableSpec;
import io.dimstore.tck.DimensionStoreTck;
import io.dimstore.tck.harness.Provocation;
import io.dimstore.tck.harness.StoreHarness;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;

/** Runs the conformance kit on a mirror of two memory stores in one mode. */
abstract class MirrorTck extends DimensionStoreTck {

  private static final String FROM = "mirror-tck-from";
  private static final String TO = "mirror-tck-to";

  /** Returns the mode of all tables. */
  abstract MirrorMode mode();

  @Override
  protected StoreHarness harness() {
    DimensionStore to =
        DimensionStores.open(
            "memory", Map.of("instance", TO), StoreMetrics.NONE, InstantSource.system());
    SharedRecords records = to.capability(SharedRecords.class).orElseThrow();
    return new StoreHarness() {
      @Override
      public String store() {
        return "mirror";
      }

      @Override
      public Set<String> metricsPassedOn() {
        return Set.of("from.", "to.");
      }

      @Override
      public Map<String, String> options() {
        return Map.of(
            "from.store", "memory",
            "from.instance", FROM,
            "to.store", "memory",
            "to.instance", TO,
            "mode.refresh", "20 ms",
            "reconcile.interval", "50 ms");
      }

      @Override
      public TableSpec table(String name, List<Column> columns, List<String> keyColumns) {
        records.replace(ModeRecords.nameOf(name), 0, mode().format()).toCompletableFuture().join();
        Map<String, String> options = Map.of("from.change-feed", "true", "to.change-feed", "true");
        return new TableSpec(name, columns, keyColumns, options);
      }

      @Override
      public Optional<TableSpec> withoutFeed(TableSpec spec) {
        return Optional.of(new TableSpec(spec.name(), spec.columns(), spec.keyColumns()));
      }

      @Override
      public Set<Class<?>> capabilities() {
        return Set.of(ChangeFeed.class, SharedRecords.class, StoredChanges.class);
      }

      @Override
      public Map<Provocation, String> unsupportedProvocations() {
        Map<Provocation, String> cannot = Provocation.none("memory stores have no servers");
        cannot.remove(Provocation.CHANGES_DROPPED);
        return cannot;
      }

      @Override
      public Runnable provoke(Provocation what, TableSpec table) {
        if (what != Provocation.CHANGES_DROPPED) {
          throw new UnsupportedOperationException(what + " is not supported: there is no server");
        }
        MemoryStores.forgetChanges(FROM, table.name());
        MemoryStores.forgetChanges(TO, table.name());
        return () -> {};
      }

      @Override
      public int openCloseCycles() {
        return 25;
      }

      @Override
      public void close() {
        to.close();
      }
    };
  }

  @AfterAll
  static void forget() {
    MemoryStores.clear(FROM);
    MemoryStores.clear(TO);
  }
}
