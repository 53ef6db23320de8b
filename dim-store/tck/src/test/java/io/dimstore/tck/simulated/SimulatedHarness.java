// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.simulated;

import io.dimstore.memory.MemoryStores;
import io.dimstore.spi.Column;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.Put;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption;
import io.dimstore.spi.TableSpec;
import io.dimstore.spi.support.Admission;
import io.dimstore.spi.support.CommonOptions;
import io.dimstore.tck.broken.Broken;
import io.dimstore.tck.harness.Provocation;
import io.dimstore.tck.harness.StoreHarness;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The harness of a {@link Broken} store: the memory store with copies, behind a {@link
 * SimulatedServer}, which supports every {@link Provocation}.
 */
public final class SimulatedHarness implements StoreHarness {

  /** With this option a store meets the provocations. */
  private static final Map<String, String> SIMULATED = Map.of("simulated", "yes");

  /** The bytes that the largest response of a broken store has that answers in one (R2a). */
  public static final int RESPONSE_BYTES = 1_000_000;

  private final Broken broken;
  private final String instance;
  private final SimulatedServer server = new SimulatedServer();
  private final Map<String, CopiedTable.Shared> copies = new ConcurrentHashMap<>();
  private volatile InstantSource lastClock = InstantSource.system();

  public SimulatedHarness(Broken broken, String instance) {
    this.broken = broken;
    this.instance = instance;
  }

  @Override
  public DimensionStore open(Map<String, String> extra, StoreMetrics metrics, InstantSource clock) {
    lastClock = clock;
    return broken.opening().open(sound(), extra, metrics, clock);
  }

  private Broken.Sound sound() {
    return new Broken.Sound() {
      @Override
      public DimensionStore open(
          Map<String, String> extra, StoreMetrics metrics, InstantSource clock) {
        return openSound(extra, metrics, clock);
      }

      @Override
      public SimulatedServer server() {
        return server;
      }
    };
  }

  private DimensionStore openSound(
      Map<String, String> extra, StoreMetrics metrics, InstantSource clock) {
    Map<String, String> inner = new HashMap<>(extra);
    inner.put("instance", instance);
    // The system of record never removes tombstones by itself; only a purge does.
    inner.putIfAbsent("tombstone-retention", "1000 d");
    // Only stores with the option meet the provocations.
    SimulatedServer asked =
        inner.keySet().removeAll(SIMULATED.keySet()) ? server : new SimulatedServer();
    boolean away = inner.keySet().removeAll(CopiedStore.AWAY.keySet());
    boolean ageless = inner.keySet().removeAll(CopiedStore.AGELESS.keySet());
    Map<String, String> gate = new HashMap<>();
    for (String option : List.of("deadline", "max-pending")) {
      String value = inner.remove(option);
      if (value != null) {
        gate.put(option, value);
      }
    }
    StoreConfig config =
        StoreConfig.parse(
            "store 'memory'",
            new LinkedHashSet<>(CommonOptions.all()),
            StoreOption.Scope.STORE,
            gate);
    CopiedTable.Use use =
        new CopiedTable.Use(
            !away,
            !ageless,
            () ->
                !asked.simulates(Provocation.CACHE_STUCK)
                    && !asked.simulates(Provocation.CACHE_SLOW));
    return new SimulatedStore(
        new CopiedStore(DimensionStores.open("memory", inner, metrics, clock), copies, use, clock),
        asked,
        new Admission(
            "Store 'memory'",
            config.get(CommonOptions.MAX_PENDING),
            config.get(CommonOptions.DEADLINE)));
  }

  @Override
  public String store() {
    return "memory";
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
    return broken.declares();
  }

  @Override
  public Map<Provocation, String> unsupportedProvocations() {
    return broken.declinesStuck() ? Map.of(Provocation.STUCK, "declared by the test") : Map.of();
  }

  @Override
  public Runnable provoke(Provocation what, TableSpec table) {
    if (what == Provocation.CHANGES_DROPPED) {
      MemoryStores.forgetChanges(instance, table.name());
      return () -> {};
    }
    return server.simulate(what);
  }

  @Override
  public Map<String, String> provokedOptions() {
    return SIMULATED;
  }

  @Override
  public Duration shortDeadline() {
    return Duration.ofMillis(10);
  }

  @Override
  public Duration maxAge() {
    return CopiedTable.MAX_AGE;
  }

  @Override
  public Map<String, String> withoutCopies() {
    return CopiedStore.AWAY;
  }

  @Override
  public boolean setCopy(TableSpec table, Put says) {
    copies.get(table.name()).wrap(says, lastClock.millis());
    return true;
  }

  @Override
  public int largeBatchBytes() {
    return 2 * RESPONSE_BYTES;
  }

  @Override
  public int openCloseCycles() {
    return 25;
  }

  @Override
  public Duration patience() {
    return Duration.ofSeconds(2);
  }
}
