// SPDX-License-Identifier: Apache-2.0
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
 * The fixture that the tests of one run share: the open store, its clock, which never goes back,
 * and tables. Because some servers create tables slowly, tests share them and use different key
 * prefixes.
 */
final class Kit implements AutoCloseable {

  /** The columns of the plain table: a text key, and a row of text, number and text. */
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
  private final Set<Provocation> notProvoked = EnumSet.noneOf(Provocation.class);

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

  /** Opens the store once more. The result is closed at the end if no test closes it. */
  DimensionStore open(Map<String, String> extra) {
    return open(extra, StoreMetrics.NONE);
  }

  DimensionStore open(Map<String, String> extra, StoreMetrics metrics) {
    DimensionStore another = harness.open(extra, metrics, clock);
    opened.add(another);
    return another;
  }

  /** Returns a view of the shared plain table with keys of its own. */
  Rows rows() {
    return rows("plain");
  }

  /** Returns a view of the plain table of this name with keys of its own. */
  Rows rows(String name) {
    return new Rows(this, store, table(name, PLAIN, "k"), "p" + prefixes.incrementAndGet() + "-");
  }

  /** Returns a view of the plain table of this name; all these views have the same keys. */
  Rows rowsOnce(String name) {
    return new Rows(this, store, table(name, PLAIN, "k"), name + "-");
  }

  /** Runs work only at the first call with this name. */
  synchronized void once(String name, Runnable work) {
    if (!done.contains(name)) {
      work.run();
      done.add(name);
    }
  }

  /** Returns the table of this name; creates it at first use. */
  synchronized TableSpec table(String name, List<Column> columns, String... keyColumns) {
    TableSpec spec = created.get(name);
    if (spec == null) {
      spec = declare(name, columns, keyColumns);
      answers.await(store.createIfAbsent(spec));
      created.put(name, spec);
    }
    return spec;
  }

  /** Returns the name of a shared record that no other run uses. */
  String recordName(String name) {
    return "tck/" + run + "/" + name;
  }

  /** Creates several tables at the same time. */
  synchronized void createAll(List<TableSpec> specs) {
    List<CompletionStage<Void>> stages = specs.stream().map(store::createIfAbsent).toList();
    stages.forEach(answers::await);
  }

  /** Returns the declaration of a table without creating the table. */
  TableSpec declare(String name, List<Column> columns, String... keyColumns) {
    return harness.table("tck_" + run + "_" + name, columns, List.of(keyColumns));
  }

  /** Returns the declaration of a plain table without creating the table. */
  TableSpec declarePlain(String name) {
    return declare(name, PLAIN, "k");
  }

  /**
   * Opens the store once more, makes its servers misbehave, and runs a test on it. Does nothing if
   * the harness declares that it cannot provoke this.
   *
   * @param extra options of the store
   * @param test receives the rows through that store, and a function that ends the provocation
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
    if (!canProvoke(what)) {
      return;
    }
    Map<String, String> options = new HashMap<>(harness.provokedOptions());
    options.putAll(extra);
    DimensionStore another = open(options, metrics);
    try {
      Rows through = rows.through(another);
      // The store connects before the servers misbehave.
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

  /** Returns options with a short deadline, for calls that are not expected to be answered. */
  Map<String, String> hurried() {
    return Map.of("deadline", harness.shortDeadline().toMillis() + " ms");
  }

  /** Returns whether the harness can provoke this; if not, that is printed at the end. */
  synchronized boolean canProvoke(Provocation what) {
    boolean canProvoke = !harness.unsupportedProvocations().containsKey(what);
    if (!canProvoke) {
      notProvoked.add(what);
    }
    return canProvoke;
  }

  /** Writes and reads until both succeed: a short deadline may end before all are connected. */
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
    assertThat(warm).as("a write and a get through a new store succeed").isTrue();
  }

  @Override
  public void close() {
    opened.forEach(DimensionStore::close);
    harness.close();
    for (Provocation what : notProvoked) {
      System.out.printf(
          "tck: %s cannot provoke %s (%s): %s untested%n",
          harness.store(),
          what,
          harness.unsupportedProvocations().get(what),
          Arrays.stream(Clause.values())
              .filter(c -> c.provocation().stream().anyMatch(what::equals))
              .toList());
    }
  }
}
