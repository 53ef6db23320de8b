// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Change;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.TableSpec;
import io.dimstore.spi.support.KeyBounds;
import io.dimstore.tck.harness.Provocation;
import io.dimstore.tck.internal.fixture.Kit;
import io.dimstore.tck.internal.fixture.Rows;
import io.dimstore.tck.internal.fixture.Scans;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** R9: splits are disjoint and jointly complete, and a scan can be resumed. */
public abstract class ScanRules {

  private static final int FEW = 40;

  /** The rows of {@link #many}. */
  private static final List<Put> MANY =
      IntStream.range(0, 5_000)
          .mapToObj(i -> Rows.put(Key.of(String.format("many-%06d", i)), "v" + i, i))
          .toList();

  private final Kit kit;

  public ScanRules(Kit kit) {
    this.kit = kit;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 16})
  void r9aTheSplitsOfManyRowsAreDisjointAndComplete(int desired) {
    Rows rows = many();
    List<Change> found = scans(rows).readAll(desired, ScanOptions.rows(rows.all()), 700);
    assertThat(found).hasSameSizeAs(MANY);
    assertThat(new HashSet<>(found)).isEqualTo(new HashSet<>(MANY));
  }

  @Test
  void r9aAnEmptyTableHasNoEntries() {
    Rows rows = kit.rows("empty");
    assertThat(scans(rows).readAll(4, ScanOptions.rows(rows.all()), 10)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7})
  void r9cAnotherStoreContinuesAScanAfterEveryPage(int pageSize) {
    Rows rows = few();
    List<Change> found = new ArrayList<>();
    Rows[] openings = {rows, rows.through(kit.open(Map.of()))};
    int pages = 0;
    for (ScanSplit start : scans(rows).splits(2, ScanOptions.rows(rows.all()))) {
      @Nullable ScanSplit split = start;
      while (split != null) {
        // Passes only the text on, as from a checkpoint.
        ScanPage page = scans(openings[pages++ % 2]).page(new ScanSplit(split.token()), pageSize);
        found.addAll(page.changes());
        split = page.remaining();
      }
    }
    assertThat(found).containsExactlyInAnyOrderElementsOf(fewRows(rows));
  }

  @Test
  void r9cASplitReadTwiceHasTheSameEntries() {
    Rows rows = few();
    for (ScanSplit split : scans(rows).splits(1, ScanOptions.rows(rows.all()))) {
      ScanPage page = scans(rows).page(split, 15);
      assertThat(scans(rows).page(split, 15).changes()).isEqualTo(page.changes());
      @Nullable ScanSplit remaining = page.remaining();
      if (remaining != null) {
        List<Change> rest = scans(rows).rest(remaining, 6);
        assertThat(scans(rows).rest(remaining, 11)).containsExactlyInAnyOrderElementsOf(rest);
        assertThat(rest).doesNotContainAnyElementsOf(page.changes());
      }
    }
  }

  /** A scan reports the row that it cannot decode and reads the others, to the end. */
  @Test
  void r9gUnreadableRowIsReportedAndDoesNotEndTheScan() {
    Rows rows = kit.rows("unreadable");
    Put text = new Put(rows.key("text"), Row.of("abc", 1L, "b"), 1);
    Put none = new Put(rows.key("none"), Row.of(null, 1L, "b"), 1);
    Put last = new Put(rows.key("zero"), Row.of(null, 2L, "c"), 1);
    rows.write(text, none, last);
    TableSpec otherwise = Rows.withColumnAsNumber(rows.spec());
    DimensionTable table = kit.store().table(otherwise);
    List<Key> unreadable = new ArrayList<>();
    List<Change> found = new ArrayList<>();
    Scans scans = new Scans(kit.answers(), table);
    for (ScanSplit split : scans.splits(2, ScanOptions.rows(otherwise.all()))) {
      @Nullable ScanSplit at = split;
      while (at != null) {
        ScanPage page = scans.page(at, 1);
        found.addAll(page.changes());
        page.unreadable().forEach(row -> unreadable.add(row.key()));
        at = page.remaining();
      }
    }
    assertThat(unreadable).containsExactly(text.key());
    assertThat(found).containsExactlyInAnyOrder(none, last);
  }

  @Test
  void r9bUnchangedRowsAreReadOnceWhileOthersChange() {
    Rows rows = kit.rows("changing");
    List<Put> unchanged =
        IntStream.range(0, 60).mapToObj(i -> Rows.put(rows.key(i * 3), "unchanged", i)).toList();
    List<Put> leaving =
        IntStream.range(0, 60).mapToObj(i -> Rows.put(rows.key(i * 3 + 1), "leaving", i)).toList();
    rows.write(unchanged);
    rows.write(leaving);
    List<Change> found = new ArrayList<>();
    int step = 0;
    for (ScanSplit start : scans(rows).splits(3, ScanOptions.rows(rows.all()))) {
      @Nullable ScanSplit split = start;
      while (split != null) {
        ScanPage page = scans(rows).page(split, 5);
        found.addAll(page.changes());
        split = page.remaining();
        if (step < leaving.size()) {
          // More rows are removed than added, so a scan that continues at an offset loses rows.
          rows.write(new Delete(leaving.get(step).key(), 1_000));
          if (step % 2 == 0) {
            rows.write(Rows.put(rows.key(step * 3 + 2), "coming", 1_000));
          }
          step++;
        }
      }
    }
    assertThat(found).as("no key twice").extracting(Change::key).doesNotHaveDuplicates();
    assertThat(found).as("rows that did not change").containsAll(unchanged);
  }

  @Test
  void r9eScanReadsTheRequestedColumnsInTheirOrder() {
    Rows rows = few();
    List<Change> expected = new ArrayList<>();
    for (Put put : fewRows(rows)) {
      expected.add(new Put(put.key(), put.row().project(Projection.of(2, 0)), put.version()));
    }
    assertThat(scans(rows).readAll(2, ScanOptions.rows(rows.spec().project("b", "a")), 4))
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(scans(rows).readAll(2, ScanOptions.rows(rows.spec().project()), 4))
        .as("a scan without columns")
        .extracting(Change::key)
        .containsExactlyInAnyOrderElementsOf(expected.stream().map(Change::key).toList());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void r9dKeyRangeIncludesItsFirstKeyAndExcludesItsLast(int desired) {
    Rows rows = few();
    List<Put> all = fewRows(rows);
    assertThat(range(rows, desired, rows.key(10), rows.key(20)))
        .containsExactlyInAnyOrderElementsOf(all.subList(10, 20));
    assertThat(range(rows, desired, null, rows.key(5)))
        .containsExactlyInAnyOrderElementsOf(all.subList(0, 5));
    assertThat(range(rows, desired, rows.key(25), null))
        .containsExactlyInAnyOrderElementsOf(all.subList(25, FEW));
    assertThat(range(rows, desired, rows.key(7), rows.key(7))).isEmpty();
    assertThat(range(rows, desired, rows.key(100), rows.key(200))).isEmpty();
  }

  @Test
  void r9dManyRowsOfARangeWithTombstonesAreComplete() {
    Rows rows = many();
    List<Put> range = MANY.subList(1_000, 1_500);
    ScanOptions options = new ScanOptions(rows.all(), range.get(0).key(), rows.key(1_500), true);
    assertThat(scans(rows).readAll(5, options, 64)).containsExactlyInAnyOrderElementsOf(range);
  }

  /** Many callers read the rows that have the same first key columns. */
  @Test
  void r9dRangeOfKeysWithTheSameFirstColumnIsComplete() {
    List<Column> columns =
        List.of(
            new Column("k1", DataType.STRING),
            new Column("k2", DataType.Simple.INT),
            new Column("v", DataType.STRING));
    TableSpec spec = kit.table("alike", columns, "k1", "k2");
    DimensionTable table = kit.store().table(spec);
    List<Change> inside = new ArrayList<>();
    List<Change> outside = new ArrayList<>();
    for (int i = -20; i < 20; i++) {
      inside.add(new Put(Key.of("same", i), Row.of("v" + i), 1));
      for (String other : List.of("sam", "same\0", "same ", "samf", "\ud83d\ude00")) {
        outside.add(new Put(Key.of(other, i), Row.of("other"), 1));
      }
    }
    kit.answers().await(table.write(inside));
    kit.answers().await(table.write(outside));
    Key from = KeyBounds.from(spec.key(), List.of("same"));
    Key to = KeyBounds.to(spec.key(), List.of("same"));
    Scans scans = new Scans(kit.answers(), table);
    for (int desired : List.of(1, 4)) {
      ScanOptions rows = new ScanOptions(spec.all(), from, to, false);
      assertThat(scans.readAll(desired, rows, 3)).containsExactlyInAnyOrderElementsOf(inside);
    }
    ScanOptions part = new ScanOptions(spec.all(), Key.of("same", -3), Key.of("same", 7), true);
    assertThat(scans.readAll(2, part, 4))
        .as("a part of these keys")
        .containsExactlyInAnyOrderElementsOf(inside.subList(17, 27));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 100})
  void r9fPageHasAtMostTheRequestedEntries(int most) {
    Rows rows = few();
    for (ScanSplit start : scans(rows).splits(1, ScanOptions.rows(rows.all()))) {
      @Nullable ScanSplit split = start;
      while (split != null) {
        ScanPage page = scans(rows).page(split, most);
        assertThat(page.changes().size() + page.unreadable().size())
            .as("entries of a page of at most %d", most)
            .isLessThanOrEqualTo(most);
        split = page.remaining();
      }
    }
  }

  /** Splits remain usable after the partitions that they cover were split and merged. */
  @Test
  void r9iScanContinuesWhilePartitionsAreSplitAndMerged() {
    if (!kit.canProvoke(Provocation.REORGANISED)) {
      return;
    }
    Rows own = kit.rows("reorganised");
    Rows rows = own.through(kit.open(kit.harness().provokedOptions()));
    List<Put> puts =
        IntStream.range(0, 120).mapToObj(i -> Rows.put(rows.key(i), "v" + i, i)).toList();
    rows.write(puts);
    List<Change> found = new ArrayList<>();
    int pages = 0;
    for (ScanSplit start : scans(rows).splits(3, ScanOptions.rows(rows.all()))) {
      @Nullable ScanSplit split = start;
      while (split != null) {
        ScanPage page = scans(rows).page(split, 9);
        found.addAll(page.requireReadable().changes());
        split = page.remaining();
        pages++;
        if (pages == 4 || pages == 9) {
          kit.harness().provoke(Provocation.REORGANISED, rows.spec()).run();
        }
      }
    }
    assertThat(found).containsExactlyInAnyOrderElementsOf(puts);
    assertThat(scans(rows).readAll(4, ScanOptions.rows(rows.all()), 50))
        .as("a scan that begins afterwards")
        .containsExactlyInAnyOrderElementsOf(puts);
  }

  @Test
  void r9hSplitsBeginWithTheStoresNameAndAFormatVersion() {
    Rows rows = few();
    for (ScanSplit split : scans(rows).splits(2, ScanOptions.rows(rows.all()))) {
      assertThat(split.token()).matches(kit.harness().store() + "/[1-9][0-9]*/.*");
    }
  }

  @Test
  void r9hSplitsOfOtherStoresAndFormatsAreInvalid() {
    Rows rows = few();
    String own = scans(rows).splits(1, ScanOptions.rows(rows.all())).get(0).token();
    String id = kit.harness().store();
    List<String> foreign =
        List.of(
            "",
            "other" + own.substring(id.length()),
            id + "/999" + own.substring(id.length() + 2),
            id + "/1/",
            own.substring(0, id.length() + 1),
            "garbage");
    for (String token : foreign) {
      kit.answers()
          .assertFails(
              StoreException.Kind.INVALID, () -> rows.table().scan(new ScanSplit(token), 10));
    }
  }

  private List<Change> range(Rows rows, int desired, @Nullable Key from, @Nullable Key to) {
    return scans(rows).readAll(desired, new ScanOptions(rows.all(), from, to, false), 4);
  }

  private Scans scans(Rows rows) {
    return new Scans(kit.answers(), rows.table());
  }

  /** Returns a separate table with the rows of {@link #MANY}. */
  private Rows many() {
    Rows rows = kit.rowsOnce("many");
    kit.once(
        "many",
        () -> {
          // In several writes, because each call has a deadline.
          for (int i = 0; i < MANY.size(); i += 500) {
            rows.write(MANY.subList(i, i + 500));
          }
        });
    return rows;
  }

  /** Returns a separate small table, for scans with many small pages. */
  private Rows few() {
    Rows rows = kit.rowsOnce("few");
    kit.once("few", () -> rows.write(fewRows(rows)));
    return rows;
  }

  private static List<Put> fewRows(Rows rows) {
    return IntStream.range(0, FEW).mapToObj(i -> Rows.put(rows.key(i), "v" + i, i)).toList();
  }
}
