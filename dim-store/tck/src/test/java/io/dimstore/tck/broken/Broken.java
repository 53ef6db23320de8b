// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.broken;

import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Maintenance;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.tck.faults.DelegatingStore;
import io.dimstore.tck.harness.Clause;
import io.dimstore.tck.simulated.SimulatedServer;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A store that breaks one clause: the memory store with copies and a simulated server, wrapped so
 * that it misbehaves.
 *
 * @param clause the clause that it breaks
 * @param how what it does wrong, for messages
 * @param opening opens the store
 * @param also other clauses whose tests always fail too
 * @param perhaps other clauses whose tests may fail too, depending on a race
 * @param because why tests of other clauses fail
 * @param declares the optional interfaces that its harness declares
 * @param declinesStuck whether its harness wrongly declares that it cannot provoke STUCK
 */
public record Broken(
    Clause clause,
    String how,
    Opening opening,
    Set<Clause> also,
    Set<Clause> perhaps,
    String because,
    Set<Class<?>> declares,
    boolean declinesStuck) {

  private static final Set<Class<?>> ALL =
      Set.of(ChangeFeed.class, Maintenance.class, SharedRecords.class);

  Broken(Clause clause, String how, Opening opening) {
    this(clause, how, opening, Set.of(), Set.of(), "", ALL, false);
  }

  /** Opens a broken store. It gets the means to open correct ones. */
  public interface Opening {
    DimensionStore open(
        Sound sound, Map<String, String> extra, StoreMetrics metrics, InstantSource clock);
  }

  /** Opens correct stores on one server. */
  public interface Sound {
    DimensionStore open(Map<String, String> extra, StoreMetrics metrics, InstantSource clock);

    SimulatedServer server();
  }

  /** Wraps a table so that it misbehaves. */
  interface Breaking {
    DimensionTable wrap(DimensionTable inner, InstantSource clock);
  }

  /** Wraps a table so that it misbehaves, depending on the state of its server. */
  interface ServerBreaking {
    DimensionTable wrap(DimensionTable inner, SimulatedServer server);
  }

  /** Wraps shared records so that they misbehave, depending on the state of their server. */
  interface RecordsBreaking {
    SharedRecords wrap(SharedRecords inner, SimulatedServer server);
  }

  /** Creates a store whose tables misbehave. */
  static Broken tables(Clause clause, String how, Breaking breaking) {
    return new Broken(
        clause,
        how,
        (sound, extra, metrics, clock) ->
            new DelegatingStore(
                sound.open(extra, metrics, clock), table -> breaking.wrap(table, clock)));
  }

  /** Creates a store whose tables misbehave, depending on the state of its server. */
  static Broken served(Clause clause, String how, ServerBreaking breaking) {
    return new Broken(
        clause,
        how,
        (sound, extra, metrics, clock) ->
            new DelegatingStore(
                sound.open(extra, metrics, clock), table -> breaking.wrap(table, sound.server())));
  }

  /** Creates a store whose shared records misbehave. */
  static Broken records(Clause clause, String how, RecordsBreaking breaking) {
    return new Broken(
        clause,
        how,
        (sound, extra, metrics, clock) ->
            new DelegatingStore(sound.open(extra, metrics, clock), table -> table) {
              @Override
              public <T> Optional<T> capability(Class<T> type) {
                return type == SharedRecords.class
                    ? super.capability(SharedRecords.class)
                        .map(found -> type.cast(breaking.wrap(found, sound.server())))
                    : super.capability(type);
              }
            });
  }

  /** Creates a store that is opened with other options than requested. */
  static Broken options(Clause clause, String how, Map<String, String> forced) {
    return new Broken(
        clause,
        how,
        (sound, extra, metrics, clock) -> {
          Map<String, String> all = new HashMap<>(extra);
          all.putAll(forced);
          return sound.open(all, metrics, clock);
        });
  }

  /** Returns the same, with other clauses whose tests fail too. */
  Broken showsAlsoIn(String reason, Clause... others) {
    return new Broken(
        clause, how, opening, Set.of(others), perhaps, reason, declares, declinesStuck);
  }

  /** Returns the same, with other clauses whose tests may fail too. */
  Broken mayShowIn(String reason, Clause... others) {
    return new Broken(clause, how, opening, also, Set.of(others), reason, declares, declinesStuck);
  }

  /** Returns the same, with a harness that declares only these interfaces. */
  Broken declaring(Class<?>... only) {
    return new Broken(clause, how, opening, also, perhaps, because, Set.of(only), declinesStuck);
  }

  /** Returns the same, with a harness that wrongly declares that it cannot provoke STUCK. */
  Broken declining() {
    return new Broken(clause, how, opening, also, perhaps, because, declares, true);
  }

  /** Returns whether only tests of its clause fail. */
  boolean isSharp() {
    return also.isEmpty() && perhaps.isEmpty();
  }

  @Override
  public String toString() {
    return clause + ": " + how;
  }
}
