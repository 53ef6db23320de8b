// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.flink.DimOptions;
import io.dimstore.flink.internal.row.DimMetadata;
import io.dimstore.flink.internal.sink.deadletter.InvalidRowException;
import io.dimstore.flink.internal.sink.deadletter.InvalidRows;
import io.dimstore.flink.internal.sink.deadletter.RefusedRow;
import io.dimstore.flink.internal.sink.order.ChangelogOrder;
import io.dimstore.flink.internal.sink.order.RowVersions;
import io.dimstore.flink.internal.sink.order.VersionRule;
import io.dimstore.flink.internal.store.DimTable;
import io.dimstore.flink.internal.store.StoreRef;
import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Compares the row with which the table ends to a model of SQL, for all short changelogs of a key
 * and random longer ones, with rows that the writer or the store refuses at any position. The model
 * is the changelog without the refused rows. Between two rows, the writer sends nothing, or sends
 * what waits, or also waits until it is written.
 */
class ChangelogModelTest {

  private static final List<Timing[]> TIMINGS = timings(2);

  /** What the writer does after a row of the changelog. */
  private enum Timing {
    NOTHING,
    SEND,
    FLUSH
  }

  /** What assigns versions to the rows. */
  private enum Order {
    UPSERT,
    RETRACT,
    /** The rows keep their versions, and of several rows the newest is kept. */
    VERSION
  }

  /**
   * One row of a changelog.
   *
   * @param id the row's identity: the retraction of a row has that of its insert
   * @param version the row's own version, or null
   * @param refused whether the store refuses the row
   */
  private record Step(RowKind kind, int id, Long version, boolean refused) {

    boolean isPut() {
      return kind == RowKind.INSERT || kind == RowKind.UPDATE_AFTER;
    }

    boolean isAccepted() {
      return version != null && !refused;
    }

    String text() {
      return (refused ? "bad" : "row") + id;
    }

    @Override
    public String toString() {
      return kind.shortString() + text() + "@" + version;
    }
  }

  /** A store that refuses rows whose text begins with "bad". */
  private static final class RefusingTable implements DimensionTable {
    private final Map<Key, Change> stored = new HashMap<>();

    @Override
    public CompletionStage<Void> write(List<Change> changes) {
      List<Key> refused =
          changes.stream()
              .filter(c -> c instanceof Put put && ((String) put.row().get(0)).startsWith("bad"))
              .map(Change::key)
              .toList();
      if (!refused.isEmpty()) {
        return CompletableFuture.failedFuture(StoreException.invalid("too large", refused));
      }
      for (Change change : changes) {
        stored.merge(
            change.key(), change, (old, next) -> next.version() >= old.version() ? next : old);
      }
      return CompletableFuture.completedFuture(null);
    }

    String text(long key) {
      return stored.get(Key.of(key)) instanceof Put put ? (String) put.row().get(0) : null;
    }

    @Override
    public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<List<ScanSplit>> splits(int desired, ScanOptions options) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<ScanPage> scan(ScanSplit split, int maxEntries) {
      throw new UnsupportedOperationException();
    }
  }

  /** The context of a row of a key. */
  private static final class Keyed extends KeyedProcessFunction<String, RowData, RowData>.Context {
    private final long key;

    Keyed(ChangelogOrder order, long key) {
      order.super();
      this.key = key;
    }

    @Override
    public String getCurrentKey() {
      return String.valueOf(key);
    }

    @Override
    public Long timestamp() {
      throw new UnsupportedOperationException();
    }

    @Override
    public TimerService timerService() {
      throw new UnsupportedOperationException();
    }

    @Override
    public <X> void output(OutputTag<X> tag, X value) {
      throw new UnsupportedOperationException();
    }
  }

  /** Runs many changelogs at once, each on a key of its own. */
  private static final class Job {
    private final VersionRule.Source source;
    private final List<DimMetadata> metadata;
    private final Map<Object, Object> states = new HashMap<>();
    private final ChangelogOrder order;
    private final Map<Integer, String> failures = new HashMap<>();
    private long current;

    Job(Order kind, VersionRule.Source source, boolean refusals) throws Exception {
      this.source = source;
      this.metadata =
          source == VersionRule.Source.METADATA ? List.of(DimMetadata.VERSION) : List.of();
      ChangelogOrder.Plan plan =
          new ChangelogOrder.Plan(source, 3, kind == Order.RETRACT, refusals, Duration.ZERO, null);
      this.order = kind == Order.VERSION ? null : ChangelogOrder.of(table(source), plan);
      if (order != null) {
        order.setRuntimeContext(
            (RuntimeContext)
                Proxy.newProxyInstance(
                    getClass().getClassLoader(),
                    new Class<?>[] {RuntimeContext.class},
                    (proxy, method, arguments) -> new KeyedState()));
        order.open(new Opened());
      }
    }

    private static final class Opened implements OpenContext {}

    private final class KeyedState implements ValueState<Object> {
      @Override
      public Object value() {
        return states.get(current);
      }

      @Override
      public void update(Object value) {
        states.put(current, value);
      }

      @Override
      public void clear() {
        states.remove(current);
      }
    }

    /** Returns the text of the row that each changelog leaves, by its position, or null. */
    List<String> run(List<List<Step>> changelogs, Timing... timings) throws Exception {
      RefusingTable store = new RefusingTable();
      ManualClock time = new ManualClock();
      int length = changelogs.stream().mapToInt(List::size).max().orElseThrow();
      try (WriterFixture fixture = new WriterFixture(time, store)) {
        WriterFixture.Task task = fixture.new Task(time.local(0));
        DimSinkWriter writer = writer(fixture, time, task);
        for (int step = 0; step < length; step++) {
          for (int key = 0; key < changelogs.size(); key++) {
            if (step < changelogs.get(key).size() && !failures.containsKey(key)) {
              process(writer, key, changelogs.get(key).get(step));
            }
          }
          switch (timings[step % timings.length]) {
            case NOTHING -> {}
            case SEND -> task.fireNextTimer();
            case FLUSH -> writer.flush(false);
          }
        }
        writer.flush(true);
      }
      List<String> left = new ArrayList<>();
      for (int key = 0; key < changelogs.size(); key++) {
        left.add(store.text(key));
      }
      return left;
    }

    private void process(DimSinkWriter writer, int key, Step step) throws Exception {
      current = key;
      GenericRowData row = new GenericRowData(step.kind(), 3 + metadata.size());
      row.setField(0, (long) key);
      row.setField(1, StringData.fromString(step.text()));
      row.setField(2, source == VersionRule.Source.COLUMN ? step.version() : null);
      if (!metadata.isEmpty()) {
        row.setField(3, step.version());
      }
      if (order == null) {
        writer.write(row, null);
        return;
      }
      try {
        order.processElement(row, new Keyed(order, key), new ToWriter(writer));
      } catch (InvalidRowException e) {
        failures.put(key, e.getMessage());
      }
    }

    private record ToWriter(DimSinkWriter writer) implements Collector<RowData> {
      @Override
      public void collect(RowData row) {
        try {
          writer.write(row, null);
        } catch (Exception e) {
          throw new AssertionError(e);
        }
      }

      @Override
      public void close() {}
    }

    private DimSinkWriter writer(WriterFixture fixture, ManualClock time, WriterFixture.Task task) {
      DimTable table = table(source);
      InvalidRows letters =
          new InvalidRows() {
            @Override
            public void refuse(RowData row, RefusedRow why) {}

            @Override
            public void refuse(Change change, RefusedRow why) {}
          };
      if (source == VersionRule.Source.ARRIVAL) {
        ArrivalClock clock = ArrivalClock.start(time.local(0).source(0));
        ChangeReader reader = new ChangeReader(table, (row, key) -> clock.now(), List.of());
        return fixture.writer(table, reader, letters, clock, task);
      }
      RowVersions brought = RowVersions.of(table, source, 3);
      VersionRule rule =
          VersionRule.of(order == null ? brought : brought.readAt(3 + metadata.size()));
      return fixture.writer(table, new ChangeReader(table, rule, metadata), letters, null, task);
    }

    private static DimTable table(VersionRule.Source source) {
      return new DimTable(
          new StoreRef("memory", Map.of()),
          WriterFixture.LAYOUT,
          source == VersionRule.Source.COLUMN ? 2 : null,
          source == VersionRule.Source.ARRIVAL,
          true,
          Duration.ZERO,
          new DimTable.LookupSettings(10, 1, Duration.ZERO),
          new DimTable.ScanSettings(10, DimOptions.UnreadableRows.FAIL),
          new DimTable.SinkSettings(
              1_000_000, Duration.ZERO, Duration.ofMillis(5), 100, Duration.ZERO, null));
    }
  }

  @ParameterizedTest
  @EnumSource
  void keyWithOneRowEndsWithItsLastAcceptedChange(VersionRule.Source source) throws Exception {
    Order order = source == VersionRule.Source.ARRIVAL ? Order.VERSION : Order.UPSERT;
    List<List<Step>> changelogs = upserts(4, 2);
    changelogs.addAll(upserts(3, 3));
    changelogs.addAll(randomUpserts(3_000));
    for (Timing[] timings : TIMINGS) {
      Job job = new Job(order, source, true);
      List<String> left = job.run(changelogs, timings);
      assertThat(job.failures).isEmpty();
      for (int i = 0; i < left.size(); i++) {
        assertEnd(left.get(i), lastAccepted(changelogs.get(i), source), changelogs.get(i), timings);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"COLUMN", "METADATA"})
  void keyOrderedByVersionEndsWithItsNewestAcceptedChange(VersionRule.Source source)
      throws Exception {
    List<List<Step>> changelogs = upserts(4, 2);
    changelogs.addAll(randomUpserts(3_000));
    for (Timing[] timings : TIMINGS) {
      List<String> left = new Job(Order.VERSION, source, true).run(changelogs, timings);
      for (int i = 0; i < left.size(); i++) {
        assertEnd(left.get(i), newestAccepted(changelogs.get(i)), changelogs.get(i), timings);
      }
    }
  }

  /** A retraction that would need a row that the store may not have fails the job, and no other. */
  @ParameterizedTest
  @EnumSource
  void keyWithSeveralRowsEndsWithTheNewestAcceptedOneOrFailsTheJob(VersionRule.Source source)
      throws Exception {
    List<List<Step>> changelogs = retracts(4, 3, true);
    changelogs.addAll(retracts(5, 2, true));
    changelogs.addAll(randomRetracts(5_000, true));
    for (Timing[] timings : TIMINGS) {
      Job job = new Job(Order.RETRACT, source, true);
      List<String> left = job.run(changelogs, timings);
      int inserts = 0;
      for (int i = 0; i < left.size(); i++) {
        List<Step> changelog = changelogs.get(i);
        String failure = job.failures.get(i);
        boolean needy = needsAnOlderRow(changelog, source);
        if (failure == null) {
          check(!needy, "fails", changelog, timings);
          assertEnd(left.get(i), newestLive(changelog, source), changelog, timings);
        } else if (failure.contains("inserts")) {
          check(changelog.stream().anyMatch(step -> !step.isPut()), failure, changelog, timings);
          inserts++;
        } else {
          check(needy, failure, changelog, timings);
        }
      }
      // No version is left for a third row below one that replaced a newer one, or for a later.
      assertThat(inserts).isLessThan(changelogs.size() / 20);
    }
  }

  @ParameterizedTest
  @EnumSource
  void keyWithSeveralRowsEndsWithTheNewestOneIfRefusedRowsFailTheJob(VersionRule.Source source)
      throws Exception {
    List<List<Step>> changelogs = retracts(5, 2, false);
    changelogs.addAll(randomRetracts(5_000, false));
    for (Timing[] timings : TIMINGS) {
      Job job = new Job(Order.RETRACT, source, false);
      List<String> left = job.run(changelogs, timings);
      for (int i = 0; i < left.size(); i++) {
        List<Step> changelog = changelogs.get(i);
        boolean failed = job.failures.containsKey(i);
        check(failed == retractsTheNewestOfSeveral(changelog, source), "fails", changelog, timings);
        if (!failed) {
          assertEnd(left.get(i), newestLive(changelog, source), changelog, timings);
        }
      }
    }
  }

  private static void assertEnd(
      String actual, String expected, List<Step> changelog, Timing[] timings) {
    if (!Objects.equals(actual, expected)) {
      check(false, "ends with " + actual + ", not " + expected, changelog, timings);
    }
  }

  /** Asserts without building a description each time: there are millions of cases. */
  private static void check(boolean holds, String what, List<Step> changelog, Timing[] timings) {
    if (!holds) {
      throw new AssertionError(changelog + " with " + List.of(timings) + ": " + what);
    }
  }

  /** The model of a changelog with at most one row. */
  private static String lastAccepted(List<Step> changelog, VersionRule.Source source) {
    String row = null;
    for (Step step : changelog) {
      if (!step.isPut()) {
        row = null;
      } else if (isAccepted(step, source)) {
        row = step.text();
      }
    }
    return row;
  }

  private static boolean isAccepted(Step step, VersionRule.Source source) {
    return source == VersionRule.Source.ARRIVAL ? !step.refused() : step.isAccepted();
  }

  private static String newestAccepted(List<Step> changelog) {
    Step newest = null;
    for (Step step : changelog) {
      if (step.isAccepted() && (newest == null || step.version() >= newest.version())) {
        newest = step;
      }
    }
    return newest != null && newest.isPut() ? newest.text() : null;
  }

  /** The model of a changelog with several rows: the newest of those that were not retracted. */
  private static String newestLive(List<Step> changelog, VersionRule.Source source) {
    Step newest = null;
    for (Step step : live(changelog, changelog.size())) {
      if (isAccepted(step, source)
          && (newest == null || version(step, source) >= version(newest, source))) {
        newest = step;
      }
    }
    return newest == null ? null : newest.text();
  }

  private static long version(Step step, VersionRule.Source source) {
    return source == VersionRule.Source.ARRIVAL ? 0 : step.version();
  }

  /** Returns the rows that are live before a step. */
  private static List<Step> live(List<Step> changelog, int end) {
    List<Step> live = new ArrayList<>();
    for (Step step : changelog.subList(0, end)) {
      if (step.isPut()) {
        live.add(step);
      } else {
        live.removeIf(row -> row.id() == step.id());
      }
    }
    return live;
  }

  private static boolean isValid(Step step, VersionRule.Source source) {
    return source == VersionRule.Source.ARRIVAL || step.version() != null;
  }

  /** Returns whether a row is retracted while there is another one with no greater version. */
  private static boolean needsAnOlderRow(List<Step> changelog, VersionRule.Source source) {
    for (int i = 0; i < changelog.size(); i++) {
      Step retracted = changelog.get(i);
      if (!retracted.isPut() && isValid(retracted, source)) {
        for (Step other : live(changelog, i)) {
          if (other.id() != retracted.id()
              && isValid(other, source)
              && version(other, source) <= version(retracted, source)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static boolean retractsTheNewestOfSeveral(
      List<Step> changelog, VersionRule.Source source) {
    for (int i = 0; i < changelog.size(); i++) {
      Step retracted = changelog.get(i);
      List<Step> live = live(changelog, i);
      if (!retracted.isPut()
          && live.size() > 1
          && live.stream().allMatch(o -> version(o, source) <= version(retracted, source))) {
        return true;
      }
    }
    return false;
  }

  private static List<List<Step>> upserts(int length, int versions) {
    List<List<Step>> all = new ArrayList<>();
    extend(new ArrayList<>(), length, steps -> upsertSteps(steps.size(), versions), all::add);
    return all;
  }

  private static List<Step> upsertSteps(int id, int versions) {
    List<Step> steps = new ArrayList<>();
    steps.add(new Step(RowKind.INSERT, id, null, false));
    steps.add(new Step(RowKind.DELETE, id, null, false));
    for (long version = 1; version <= versions; version++) {
      steps.add(new Step(RowKind.DELETE, id, version, false));
      steps.add(new Step(RowKind.INSERT, id, version, false));
      steps.add(new Step(RowKind.UPDATE_AFTER, id, version, false));
      steps.add(new Step(RowKind.INSERT, id, version, true));
    }
    return steps;
  }

  private static List<List<Step>> retracts(int length, int versions, boolean refusals) {
    List<List<Step>> all = new ArrayList<>();
    extend(new ArrayList<>(), length, steps -> retractSteps(steps, versions, refusals), all::add);
    return all;
  }

  private static List<Step> retractSteps(List<Step> before, int versions, boolean refusals) {
    List<Step> steps = new ArrayList<>();
    int id = before.size();
    for (Step row : live(before, before.size())) {
      steps.add(new Step(RowKind.DELETE, row.id(), row.version(), row.refused()));
    }
    for (long version = 1; version <= versions; version++) {
      steps.add(new Step(RowKind.INSERT, id, version, false));
      if (refusals) {
        steps.add(new Step(RowKind.INSERT, id, version, true));
      }
    }
    if (refusals) {
      steps.add(new Step(RowKind.INSERT, id, null, false));
    }
    return steps;
  }

  private interface Next {
    List<Step> after(List<Step> steps);
  }

  private static void extend(
      List<Step> steps, int length, Next next, Consumer<List<Step>> complete) {
    if (steps.size() == length) {
      complete.accept(List.copyOf(steps));
      return;
    }
    for (Step step : next.after(steps)) {
      steps.add(step);
      extend(steps, length, next, complete);
      steps.remove(steps.size() - 1);
    }
  }

  private static List<List<Step>> randomUpserts(int count) {
    return random(count, steps -> upsertSteps(steps.size(), 5));
  }

  private static List<List<Step>> randomRetracts(int count, boolean refusals) {
    return random(count, steps -> retractSteps(steps, 6, refusals));
  }

  private static List<List<Step>> random(int count, Next next) {
    Random random = new Random(9);
    List<List<Step>> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<Step> steps = new ArrayList<>();
      int length = 4 + random.nextInt(9);
      while (steps.size() < length) {
        List<Step> possible = next.after(steps);
        steps.add(possible.get(random.nextInt(possible.size())));
      }
      all.add(steps);
    }
    return all;
  }

  /** Returns all sequences of timings of this length. A changelog repeats the sequence. */
  private static List<Timing[]> timings(int length) {
    List<Timing[]> all = new ArrayList<>();
    int count = (int) Math.pow(Timing.values().length, length);
    for (int i = 0; i < count; i++) {
      Timing[] timings = new Timing[length];
      int rest = i;
      for (int step = 0; step < timings.length; step++) {
        timings[step] = Timing.values()[rest % 3];
        rest /= 3;
      }
      all.add(timings);
    }
    return all;
  }
}
