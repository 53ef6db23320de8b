package io.dimstore.tck;

import io.dimstore.memory.MemoryStores;
import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.Column;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Maintenance;
import io.dimstore.spi.Put;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A store that breaks one rule: the memory store behind something that spoils it.
 *
 * @param rule the name of the rule, for instance R9
 * @param how what it does wrong, in words
 * @param opening opens it
 */
record Broken(String rule, String how, Opening opening) {

  Broken(int rule, String how, Opening opening) {
    this("R" + rule, how, opening);
  }

  /** Opens a store, given how to open a sound one. */
  interface Opening {
    DimensionStore open(
        Sound sound, Map<String, String> extra, StoreMetrics metrics, InstantSource clock);
  }

  /** Opens the memory store. */
  interface Sound {
    DimensionStore open(Map<String, String> extra, StoreMetrics metrics, InstantSource clock);
  }

  /** Spoils a table. */
  interface Spoiling {
    DimensionTable spoil(DimensionTable inner, InstantSource clock);
  }

  /** A store whose tables are spoiled. */
  static Broken tables(int rule, String how, Spoiling spoiling) {
    return tables("R" + rule, how, spoiling);
  }

  /** A store whose tables are spoiled. */
  static Broken tables(String rule, String how, Spoiling spoiling) {
    return new Broken(
        rule,
        how,
        (sound, extra, metrics, clock) ->
            new SpoiledStore(
                sound.open(extra, metrics, clock), table -> spoiling.spoil(table, clock)));
  }

  /** A store that is opened with other options than asked for. */
  static Broken options(int rule, String how, Map<String, String> forced) {
    return new Broken(
        rule,
        how,
        (sound, extra, metrics, clock) -> {
          Map<String, String> all = new HashMap<>(extra);
          all.putAll(forced);
          return sound.open(all, metrics, clock);
        });
  }

  /** The harness that the kit is run with, over an instance of this name. */
  StoreHarness harness(String instance) {
    return rule.startsWith("M") ? copiedHarness(instance) : plainHarness(instance);
  }

  private StoreHarness copiedHarness(String instance) {
    Map<String, CopiedTable.Shared> copies = new ConcurrentHashMap<>();
    Sound sound =
        (extra, metrics, clock) -> {
          Map<String, String> all = new HashMap<>(extra);
          all.put("instance", instance);
          all.put("tombstone-retention", "1000 d");
          boolean reachesCopies = !all.keySet().removeAll(CopiedStore.AWAY.keySet());
          return new CopiedStore(
              DimensionStores.open("memory", all, metrics, clock), copies, reachesCopies, clock);
        };
    return new StoreHarness() {
      @Override
      public String store() {
        return "memory";
      }

      @Override
      public DimensionStore open(
          Map<String, String> extra, StoreMetrics metrics, InstantSource clock) {
        return opening.open(sound, extra, metrics, clock);
      }

      @Override
      public Set<Class<?>> capabilities() {
        return Set.of(Maintenance.class);
      }

      @Override
      public Map<String, String> withoutCopies() {
        return CopiedStore.AWAY;
      }

      @Override
      public boolean spoilCopy(TableSpec table, Put says) {
        copies.get(table.name()).copy.put(says.key(), says);
        return true;
      }

      @Override
      public Duration patience() {
        return Duration.ofSeconds(2);
      }
    };
  }

  private StoreHarness plainHarness(String instance) {
    Sound sound =
        (extra, metrics, clock) -> {
          Map<String, String> all = new HashMap<>(extra);
          all.put("instance", instance);
          return DimensionStores.open("memory", all, metrics, clock);
        };
    return new StoreHarness() {
      @Override
      public String store() {
        return "memory";
      }

      @Override
      public DimensionStore open(
          Map<String, String> extra, StoreMetrics metrics, InstantSource clock) {
        return opening.open(sound, extra, metrics, clock);
      }

      @Override
      public TableSpec table(String name, List<Column> columns, List<String> keyColumns) {
        return new TableSpec(name, columns, keyColumns, Map.of("change-feed", "true"));
      }

      @Override
      public Set<Class<?>> capabilities() {
        return Set.of(ChangeFeed.class);
      }

      @Override
      public boolean dropChanges(TableSpec table) {
        MemoryStores.forgetChanges(instance, table.name());
        return true;
      }

      @Override
      public Duration patience() {
        return Duration.ofSeconds(2);
      }
    };
  }

  @Override
  public String toString() {
    return rule + ": " + how;
  }
}
