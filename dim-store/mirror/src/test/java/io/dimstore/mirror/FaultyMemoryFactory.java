// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror;

import io.dimstore.memory.MemoryStoreFactory;
import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStoreFactory;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption;
import io.dimstore.spi.TableSpec;
import io.dimstore.tck.faults.DelegatingStore;
import io.dimstore.tck.faults.FaultyStore;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * Opens the store {@code faulty-memory}: the memory store, whose calls meet the faults that a test
 * injects into all open stores of an instance.
 */
public final class FaultyMemoryFactory implements DimensionStoreFactory {

  private static final DimensionStoreFactory MEMORY = new MemoryStoreFactory();
  private static final StoreOption<String> INSTANCE =
      StoreOption.text("instance", "default", "The instance.");
  private static final Map<String, Queue<FaultyStore>> OPEN = new ConcurrentHashMap<>();
  private static final Set<String> REFUSED_TABLES = ConcurrentHashMap.newKeySet();
  private static final Set<Map.Entry<String, Class<?>>> HIDDEN = ConcurrentHashMap.newKeySet();

  /** Applies an action to the open stores of an instance. */
  static void each(String instance, Consumer<FaultyStore> action) {
    OPEN.getOrDefault(instance, new ConcurrentLinkedQueue<>()).forEach(action);
  }

  /** Fails all writes to a table of an instance, or stops to do so. */
  static void refuseWrites(String instance, String table, boolean refused) {
    if (refused) {
      REFUSED_TABLES.add(instance + "/" + table);
    } else {
      REFUSED_TABLES.remove(instance + "/" + table);
    }
  }

  /** Makes the tables of an instance like those of a store without a capability. */
  static void hide(Class<?> capability, String instance) {
    HIDDEN.add(Map.entry(instance, capability));
  }

  @Override
  public String id() {
    return "faulty-memory";
  }

  @Override
  public Set<StoreOption<?>> options() {
    return MEMORY.options();
  }

  @Override
  public DimensionStore open(StoreConfig config, StoreMetrics metrics, InstantSource clock) {
    String instance = config.find(INSTANCE);
    DimensionStore refusing =
        new DelegatingStore(MEMORY.open(config, metrics, clock), table -> table) {
          @Override
          public DimensionTable table(TableSpec spec) {
            return refusing(super.table(spec), instance + "/" + spec.name());
          }
        };
    FaultyStore faulty = new FaultyStore(refusing, 7);
    OPEN.computeIfAbsent(instance, name -> new ConcurrentLinkedQueue<>()).add(faulty);
    return faulty;
  }

  private static DimensionTable refusing(DimensionTable inner, String name) {
    return new ForwardingTable(inner) {
      @Override
      public <T> Optional<T> capability(Class<T> type) {
        boolean hidden = HIDDEN.contains(Map.entry(name.substring(0, name.indexOf('/')), type));
        return hidden ? Optional.empty() : super.capability(type);
      }

      @Override
      public CompletionStage<Void> write(List<Change> changes) {
        return REFUSED_TABLES.contains(name)
            ? CompletableFuture.failedFuture(
                new StoreException(Kind.UNAVAILABLE, "The test refuses writes to " + name))
            : super.write(changes);
      }
    };
  }
}
