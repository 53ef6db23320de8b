package io.dimstore.tck;

import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Maintenance;
import io.dimstore.spi.StoreMetrics;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * A store that breaks one clause: the memory store behind a played server, with copies, and behind
 * something that spoils it.
 *
 * @param clause what it breaks
 * @param how what it does wrong, in words
 * @param opening opens it
 * @param also the other clauses in which the break shows, too, each time
 * @param perhaps further clauses in which it may show, by a race
 * @param because why it shows there
 * @param declares what its harness says that its tables can do besides
 * @param declinesStuck whether its harness says that it cannot provoke what it can
 */
record Broken(
    Clause clause,
    String how,
    Opening opening,
    Set<Clause> also,
    Set<Clause> perhaps,
    String because,
    Set<Class<?>> declares,
    boolean declinesStuck) {

  private static final Set<Class<?>> ALL = Set.of(ChangeFeed.class, Maintenance.class);

  Broken(Clause clause, String how, Opening opening) {
    this(clause, how, opening, Set.of(), Set.of(), "", ALL, false);
  }

  /** Opens a store, given how to open a sound one. */
  interface Opening {
    DimensionStore open(
        Sound sound, Map<String, String> extra, StoreMetrics metrics, InstantSource clock);
  }

  /** Opens sound stores on one server. */
  interface Sound {
    DimensionStore open(Map<String, String> extra, StoreMetrics metrics, InstantSource clock);

    PlayedServer server();
  }

  /** Spoils a table. */
  interface Spoiling {
    DimensionTable spoil(DimensionTable inner, InstantSource clock);
  }

  /** Spoils a table whose server is at hand. */
  interface ServerSpoiling {
    DimensionTable spoil(DimensionTable inner, PlayedServer server);
  }

  /** A store whose tables are spoiled. */
  static Broken tables(Clause clause, String how, Spoiling spoiling) {
    return new Broken(
        clause,
        how,
        (sound, extra, metrics, clock) ->
            new SpoiledStore(
                sound.open(extra, metrics, clock), table -> spoiling.spoil(table, clock)));
  }

  /** A store whose tables are spoiled while its server misbehaves. */
  static Broken served(Clause clause, String how, ServerSpoiling spoiling) {
    return new Broken(
        clause,
        how,
        (sound, extra, metrics, clock) ->
            new SpoiledStore(
                sound.open(extra, metrics, clock), table -> spoiling.spoil(table, sound.server())));
  }

  /** A store that is opened with other options than asked for. */
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

  /** The same, which shows in other clauses too. */
  Broken showsAlsoIn(String reason, Clause... others) {
    return new Broken(
        clause, how, opening, Set.of(others), perhaps, reason, declares, declinesStuck);
  }

  /** The same, which may show in other clauses too. */
  Broken mayShowIn(String reason, Clause... others) {
    return new Broken(clause, how, opening, also, Set.of(others), reason, declares, declinesStuck);
  }

  /** The same, with a harness that declares this alone. */
  Broken declaring(Class<?>... only) {
    return new Broken(clause, how, opening, also, perhaps, because, Set.of(only), declinesStuck);
  }

  /** The same, with a harness that says it cannot provoke what it can. */
  Broken declining() {
    return new Broken(clause, how, opening, also, perhaps, because, declares, true);
  }

  /** Whether it shows in its clause alone. */
  boolean isSharp() {
    return also.isEmpty() && perhaps.isEmpty();
  }

  @Override
  public String toString() {
    return clause + ": " + how;
  }
}
