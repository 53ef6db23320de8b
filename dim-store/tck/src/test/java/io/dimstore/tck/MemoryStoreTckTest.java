// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck;

import io.dimstore.memory.MemoryStores;
import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.Column;
import io.dimstore.spi.RowUpdates;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.StoredChanges;
import io.dimstore.spi.TableSpec;
import io.dimstore.tck.harness.Provocation;
import io.dimstore.tck.harness.StoreHarness;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;

class MemoryStoreTckTest extends DimensionStoreTck {

  private static final String INSTANCE = "tck";

  @Override
  protected StoreHarness harness() {
    return new StoreHarness() {
      @Override
      public String store() {
        return "memory";
      }

      @Override
      public Map<String, String> options() {
        return Map.of("instance", INSTANCE);
      }

      @Override
      public TableSpec table(String name, List<Column> columns, List<String> keyColumns) {
        return new TableSpec(name, columns, keyColumns, Map.of("change-feed", "true"));
      }

      @Override
      public Optional<TableSpec> withoutFeed(TableSpec spec) {
        return Optional.of(new TableSpec(spec.name(), spec.columns(), spec.keyColumns()));
      }

      @Override
      public Set<Class<?>> capabilities() {
        return Set.of(ChangeFeed.class, SharedRecords.class, StoredChanges.class, RowUpdates.class);
      }

      @Override
      public Map<Provocation, String> unsupportedProvocations() {
        Map<Provocation, String> cannot = Provocation.none("the memory store has no server");
        cannot.put(Provocation.REORGANISED, "the memory store has no partitions");
        cannot.remove(Provocation.CHANGES_DROPPED);
        return cannot;
      }

      @Override
      public Runnable provoke(Provocation what, TableSpec table) {
        if (what != Provocation.CHANGES_DROPPED) {
          throw new UnsupportedOperationException(what + " is not supported: there is no server");
        }
        MemoryStores.forgetChanges(INSTANCE, table.name());
        return () -> {};
      }
    };
  }

  @AfterAll
  static void forget() {
    MemoryStores.clear(INSTANCE);
  }
}
