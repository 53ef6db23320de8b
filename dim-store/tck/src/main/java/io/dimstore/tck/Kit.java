package io.dimstore.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/**
 * What the tests of one run share: the open store, its clock, which only moves on, and tables, made
 * once and kept apart by key prefixes, since making them is slow on some servers.
 */
final class Kit implements AutoCloseable {

  /** The table of most tests: a text key and a row of text, number and text. */
  private static final List<Column> PLAIN =
      List.of(
          new Column("k", DataType.STRING),
          new Column("a", DataType.STRING),
          new Column("n", DataType.Simple.BIGINT),
          new Column("b", DataType.STRING));

  private final StoreHarness harness;
  private final TestClock clock = TestClock.atPresent();
  private final Answers answers;
  private final DimensionStore store;
  private final String run =
      Integer.toString(ThreadLocalRandom.current().nextInt(1 << 30), 36).toLowerCase(Locale.ROOT);
  private final Map<String, TableSpec> created = new HashMap<>();
  private final Set<String> done = new HashSet<>();
  private final List<DimensionStore> opened = new ArrayList<>();
  private final AtomicInteger prefixes = new AtomicInteger();
  private final Set<Provocation> notPlayed = EnumSet.noneOf(Provocation.class);

  Kit(StoreHarness harness) {
    this.harness = harness;
    this.answers = new Answers(harness.patience());
    this.store = open(Map.of());
  }

  StoreHarness harness() {
    return harness;
  }

  TestClock clock() {
    return clock;
  }

  Answers answers() {
    return answers;
  }

  DimensionStore store() {
    return store;
  }

  /** Another opening of the store, which is closed at the end if a test does not do it. */
  DimensionStore open(Map<String, String> extra) {
    return open(extra, StoreMetrics.NONE);
  }

  DimensionStore open(Map<String, String> extra, StoreMetrics metrics) {
    DimensionStore another = harness.open(extra, metrics, clock);
    opened.add(another);
    return another;
  }

  /** A view on the shared plain table with keys of its own. */
  Rows rows() {
    return rows("plain");
  }

  /** A view on the plain table of this name with keys of its own. */
  Rows rows(String name) {
    return new Rows(this, store, table(name, PLAIN, "k"), "p" + prefixes.incrementAndGet() + "-");
  }

  /** A view on the plain table of this name with keys that all views by this method share. */
  Rows rowsOnce(String name) {
    return new Rows(this, store, table(name, PLAIN, "k"), name + "-");
  }

  /** Runs work at its first naming only. */
  synchronized void once(String name, Runnable work) {
    if (!done.contains(name)) {
      work.run();
      done.add(name);
    }
  }

  /** The table of this name, made at first use. */
  synchronized TableSpec table(String name, List<Column> columns, String... keyColumns) {
    TableSpec spec = created.get(name);
    if (spec == null) {
      spec = declare(name, columns, keyColumns);
      answers.await(store.createIfAbsent(spec));
      created.put(name, spec);
    }
    return spec;
  }

  /** Makes several tables at once. */
  synchronized void createAll(List<TableSpec> specs) {
    List<CompletionStage<Void>> stages = specs.stream().map(store::createIfAbsent).toList();
    stages.forEach(answers::await);
  }

  /** The declaration of a table that need not be there. */
  TableSpec declare(String name, List<Column> columns, String... keyColumns) {
    return harness.table("tck_" + run + "_" + name, columns, List.of(keyColumns));
  }

  /** The declaration of a plain table that need not be there. */
  TableSpec declarePlain(String name) {
    return declare(name, PLAIN, "k");
  }

  /**
   * Runs a test on an opening whose servers are made to do something; nothing where the harness
   * declares that it cannot.
   *
   * @param extra options of the opening
   * @param test is given the rows through that opening, and what ends the provocation
   */
  void provoked(
      Provocation what, Rows rows, Map<String, String> extra, BiConsumer<Rows, Runnable> test) {
    provoked(what, rows, extra, StoreMetrics.NONE, test);
  }

  void provoked(
      Provocation what,
      Rows rows,
      Map<String, String> extra,
      StoreMetrics metrics,
      BiConsumer<Rows, Runnable> test) {
    if (!plays(what)) {
      return;
    }
    Map<String, String> options = new HashMap<>(harness.provokedOptions());
    options.putAll(extra);
    DimensionStore another = open(options, metrics);
    try {
      Rows through = rows.through(another);
      // Connections are made before the servers misbehave.
      warmUp(through);
      AtomicBoolean ended = new AtomicBoolean();
      Runnable end = harness.provoke(what, rows.spec());
      Runnable once =
          () -> {
            if (ended.compareAndSet(false, true)) {
              end.run();
            }
          };
      try {
        test.accept(through, once);
      } finally {
        once.run();
      }
    } finally {
      another.close();
    }
  }

  /** Options with a deadline for calls that are not to be answered. */
  Map<String, String> hurried() {
    return Map.of("deadline", harness.shortDeadline().toMillis() + " ms");
  }

  /** Whether the harness can have the servers do this; what it cannot is printed at the end. */
  synchronized boolean plays(Provocation what) {
    boolean plays = !harness.cannot().containsKey(what);
    if (!plays) {
      notPlayed.add(what);
    }
    return plays;
  }

  /** Reads and writes until it succeeds: a short deadline may be over before all are connected. */
  void warmUp(Rows rows) {
    boolean warm =
        answers.eventually(
            () -> {
              try {
                rows.write(Rows.put(rows.key("warm"), "x", 1));
                rows.assertHas(Rows.put(rows.key("warm"), "x", 1));
                return true;
              } catch (StoreException e) {
                return false;
              }
            });
    assertThat(warm).as("a get and a write through a new opening succeed").isTrue();
  }

  @Override
  public void close() {
    opened.forEach(DimensionStore::close);
    harness.close();
    for (Provocation what : notPlayed) {
      System.out.printf(
          "tck: %s does not play %s (%s): %s untested%n",
          harness.store(),
          what,
          harness.cannot().get(what),
          Arrays.stream(Clause.values())
              .filter(c -> c.provocation().stream().anyMatch(what::equals))
              .toList());
    }
  }
}
