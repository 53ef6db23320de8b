package io.dimstore.tck;

import io.dimstore.memory.MemoryStores;
import io.dimstore.spi.Admission;
import io.dimstore.spi.Column;
import io.dimstore.spi.CommonOptions;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.Put;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption;
import io.dimstore.spi.TableSpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reaches the memory store as {@link Broken} makes it: behind a {@link PlayedServer}, which can be
 * made to do everything that a {@link Provocation} names, and with copies.
 */
final class PlayedHarness implements StoreHarness {

  /** With this option an opening meets what the server is made to do. */
  private static final Map<String, String> PLAYED = Map.of("played", "yes");

  private final Broken broken;
  private final String instance;
  private final PlayedServer server = new PlayedServer();
  private final Map<String, CopiedTable.Shared> copies = new ConcurrentHashMap<>();
  private volatile InstantSource lastClock = InstantSource.system();

  PlayedHarness(Broken broken, String instance) {
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
      public PlayedServer server() {
        return server;
      }
    };
  }

  private DimensionStore openSound(
      Map<String, String> extra, StoreMetrics metrics, InstantSource clock) {
    Map<String, String> inner = new HashMap<>(extra);
    inner.put("instance", instance);
    // The truth forgets nothing by itself: a purge does.
    inner.putIfAbsent("tombstone-retention", "1000 d");
    // The server misbehaves on the openings that are to meet it alone.
    PlayedServer asked = inner.keySet().removeAll(PLAYED.keySet()) ? server : new PlayedServer();
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
    CopiedTable.Way way =
        new CopiedTable.Way(!away, !ageless, () -> !asked.plays(Provocation.CACHE_STUCK));
    return new PlayedStore(
        new CopiedStore(DimensionStores.open("memory", inner, metrics, clock), copies, way, clock),
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
  public Set<Class<?>> capabilities() {
    return broken.declares();
  }

  @Override
  public Map<Provocation, String> cannot() {
    return broken.declinesStuck() ? Map.of(Provocation.STUCK, "it says so") : Map.of();
  }

  @Override
  public Runnable provoke(Provocation what, TableSpec table) {
    if (what == Provocation.CHANGES_DROPPED) {
      MemoryStores.forgetChanges(instance, table.name());
      return () -> {};
    }
    return server.play(what);
  }

  @Override
  public Map<String, String> provokedOptions() {
    return PLAYED;
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
  public boolean spoilCopy(TableSpec table, Put says) {
    copies.get(table.name()).spoil(says, lastClock.millis());
    return true;
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
