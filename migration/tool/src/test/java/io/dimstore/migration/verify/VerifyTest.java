// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.verify;

import static io.dimstore.migration.store.MemoryTables.row;
import static io.dimstore.migration.store.MemoryTables.side;
import static io.dimstore.migration.store.MemoryTables.write;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimstore.migration.hash.RowHash;
import io.dimstore.migration.store.MemoryTables;
import io.dimstore.migration.store.TableProxy;
import io.dimstore.migration.store.TestClock;
import io.dimstore.migration.verify.Difference.Content;
import io.dimstore.migration.verify.Difference.Kind;
import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.UnreadableRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerifyTest {

  private static final int ROWS = 5_000;

  private final MemoryTables tables = new MemoryTables();
  private final long now = System.currentTimeMillis();

  @AfterEach
  void close() {
    tables.close();
  }

  /** The number of rows to hold decides whether both sides are read once or several times. */
  private static VerifySettings settings(int heldRows, int maxDifferences) {
    VerifySettings d = VerifySettings.defaults();
    return new VerifySettings(
        8,
        2,
        100,
        1 << 10,
        heldRows,
        d.settle(),
        d.copySettle(),
        3,
        maxDifferences,
        100,
        d.tombstoneRetention(),
        0,
        Duration.ofSeconds(10),
        0,
        20);
  }

  private VerifyResult verify(int heldRows) throws InterruptedException {
    return verify(tables.from(), tables.to(), heldRows, 10_000, new TestClock());
  }

  private static VerifyResult verify(
      DimensionTable from, DimensionTable to, int heldRows, int most, TestClock clock)
      throws InterruptedException {
    return new Verify(
            side("from", from),
            side("to", to),
            settings(heldRows, most),
            VerifyListener.NONE,
            clock)
        .run();
  }

  @Test
  void equalTablesAreEqualAfterOneScanOfEachSide() throws Exception {
    tables.writeBoth(MemoryTables.mixed(ROWS, now));
    VerifyResult result = verify(100);
    assertThat(result.verdict()).isEqualTo(VerifyResult.Verdict.EQUAL);
    assertThat(result.from().equal()).isEqualTo(ROWS);
    assertThat(result.to()).isEqualTo(result.from());
    assertThat(result.comparePasses()).isZero();
    assertThat(result.fromDigest()).isEqualTo(result.toDigest());
    assertThat(result.isGenuine()).isTrue();
  }

  /** A defect of the target, and how it has to be named. */
  private enum Defect {
    MISSING(Kind.MISSING, Content.ROW, Content.NOTHING),
    MISSING_TOMBSTONE(Kind.MISSING, Content.TOMBSTONE, Content.NOTHING),
    RESURRECTED(Kind.STALE, Content.TOMBSTONE, Content.ROW),
    RESURRECTED_AT_EQUAL_VERSION(Kind.EXTRA, Content.TOMBSTONE, Content.ROW),
    EXTRA(Kind.EXTRA, Content.NOTHING, Content.ROW),
    EXTRA_VERSION(Kind.EXTRA, Content.ROW, Content.ROW),
    FUTURE_TOMBSTONE(Kind.EXTRA, Content.NOTHING, Content.TOMBSTONE),
    STALE(Kind.STALE, Content.ROW, Content.ROW),
    VALUE(Kind.VALUE, Content.ROW, Content.ROW),
    NULL_VALUE(Kind.VALUE, Content.ROW, Content.ROW),
    EXPIRY(Kind.EXPIRY, Content.ROW, Content.ROW),
    UNREADABLE(Kind.UNREADABLE, Content.UNREADABLE, Content.ROW),
    UNREADABLE_IN_TARGET(Kind.UNREADABLE, Content.ROW, Content.UNREADABLE);

    private final Kind kind;
    private final Content from;
    private final Content to;

    Defect(Kind kind, Content from, Content to) {
      this.kind = kind;
      this.from = from;
      this.to = to;
    }
  }

  /** Makes the row of a key unreadable. */
  static DimensionTable corrupt(DimensionTable inner, Key corrupt) {
    return new TableProxy(inner) {
      @Override
      public CompletionStage<ScanPage> scan(ScanSplit split, int maxEntries) {
        return super.scan(split, maxEntries)
            .thenApply(
                page -> {
                  List<Change> readable = new ArrayList<>(page.changes());
                  boolean found = readable.removeIf(change -> change.key().equals(corrupt));
                  return new ScanPage(
                      readable,
                      found ? List.of(new UnreadableRow(corrupt, "damaged")) : List.of(),
                      page.remaining());
                });
      }
    };
  }

  @ParameterizedTest
  @EnumSource
  void eachDefectIsFoundAndNamedByBothWaysToCompare(Defect defect) throws Exception {
    for (int heldRows : List.of(1_000_000, 50)) {
      try (MemoryTables pair = new MemoryTables()) {
        pair.writeBoth(MemoryTables.mixed(ROWS, now));
        DimensionTable from = pair.from();
        DimensionTable to = pair.to();
        int id = ROWS + 1;
        Key key = Key.of("k" + id);
        switch (defect) {
          case MISSING -> write(from, row(id, "a", now));
          case MISSING_TOMBSTONE -> write(from, new Delete(key, now));
          case RESURRECTED -> {
            write(from, new Delete(key, now));
            write(to, row(id, "a", now - 1));
          }
          case RESURRECTED_AT_EQUAL_VERSION -> {
            write(from, new Delete(key, now));
            write(to, row(id, "a", now));
          }
          case EXTRA -> write(to, row(id, "a", now));
          case EXTRA_VERSION -> {
            write(from, row(id, "a", now));
            write(to, row(id, "a", now + 1));
          }
          case FUTURE_TOMBSTONE -> write(to, new Delete(key, now + 1_000_000_000L));
          case STALE -> {
            write(from, row(id, "a", now));
            write(to, row(id, "a", now - 1));
          }
          case VALUE -> {
            write(from, row(id, "a", now));
            write(to, row(id, "b", now));
          }
          case NULL_VALUE -> {
            write(from, row(id, "a", now));
            write(to, new Put(key, Row.of("a", null), now));
          }
          case EXPIRY -> {
            write(from, new Put(key, Row.of("a", id), now, now + 86_400_000));
            write(to, new Put(key, Row.of("a", id), now, now + 86_400_001));
          }
          case UNREADABLE -> {
            pair.writeBoth(List.of(row(id, "a", now)));
            from = corrupt(from, key);
          }
          case UNREADABLE_IN_TARGET -> {
            pair.writeBoth(List.of(row(id, "a", now)));
            to = corrupt(to, key);
          }
        }
        VerifyResult result = verify(from, to, heldRows, 10_000, new TestClock());
        assertThat(result.verdict()).isEqualTo(VerifyResult.Verdict.DIFFERENT);
        assertThat(result.differences()).containsExactlyEntriesOf(Map.of(defect.kind, 1L));
        Difference found = result.examples().get(0);
        assertThat(found.key()).isEqualTo(key.toString());
        assertThat(found.kind()).isEqualTo(defect.kind);
        assertThat(found.from()).isEqualTo(defect.from);
        assertThat(found.to()).isEqualTo(defect.to);
        assertThat(result.from().equal()).isEqualTo(ROWS);
        assertThat(result.from().different()).isEqualTo(defect.from == Content.NOTHING ? 0 : 1);
        assertThat(result.to().different()).isEqualTo(defect.to == Content.NOTHING ? 0 : 1);
        assertThat(result.comparePasses()).isEqualTo(heldRows < ROWS ? 1 : 0);
      }
    }
  }

  @Test
  void rowUnreadableOnBothSidesIsADifferenceAlthoughTheBucketsAreEqual() throws Exception {
    for (int heldRows : List.of(1_000_000, 50)) {
      try (MemoryTables pair = new MemoryTables()) {
        pair.writeBoth(MemoryTables.mixed(ROWS, now));
        Key key = Key.of("k1");
        VerifyResult result =
            verify(
                corrupt(pair.from(), key), corrupt(pair.to(), key), heldRows, 10, new TestClock());
        assertThat(result.differences()).containsExactlyEntriesOf(Map.of(Kind.UNREADABLE, 1L));
        assertThat(result.from().different()).isEqualTo(1);
        assertThat(result.from().rows()).isEqualTo(ROWS);
      }
    }
  }

  @Test
  void unreadableRowWithoutAKeyIsADifference() throws Exception {
    tables.writeBoth(List.of(row(1, "a", now)));
    DimensionTable broken =
        new TableProxy(tables.to()) {
          @Override
          public CompletionStage<ScanPage> scan(ScanSplit split, int maxEntries) {
            return super.scan(split, maxEntries)
                .thenApply(
                    page ->
                        page.remaining() == null && !page.changes().isEmpty()
                            ? new ScanPage(
                                page.changes(), List.of(new UnreadableRow(null, "no key")), null)
                            : page);
          }
        };
    VerifyResult result = verify(tables.from(), broken, 1_000, 10, new TestClock());
    assertThat(result.differences()).containsExactlyEntriesOf(Map.of(Kind.UNREADABLE, 1L));
    assertThat(result.examples().get(0).reason()).isEqualTo("no key");
    assertThat(result.to().rows()).isEqualTo(2);
  }

  @Test
  void tombstonesThatChangeNoLookupAreEqual() throws Exception {
    long old = now - Duration.ofDays(8).toMillis();
    write(tables.from(), new Delete(Key.of("old"), old), row(1, "a", now));
    write(
        tables.to(),
        new Delete(Key.of("older"), old - 1),
        new Delete(Key.of("only in target"), now - 1),
        row(1, "a", now));
    VerifyResult result = verify(1_000);
    assertThat(result.verdict()).isEqualTo(VerifyResult.Verdict.EQUAL);
    assertThat(result.tombstonesOnlyInTarget()).isEqualTo(1);
    assertThat(result.from()).isEqualTo(new SideCounts(2, 1, 1, 0, 0, 0, 0));
    assertThat(result.to()).isEqualTo(new SideCounts(3, 2, 1, 0, 0, 0, 0));
  }

  @Test
  void rowOlderThanTheRetentionIsStillComparedWithATombstone() throws Exception {
    long old = now - Duration.ofDays(8).toMillis();
    write(tables.from(), new Delete(Key.of("k1"), old));
    write(tables.to(), row(1, "a", old - 1));
    assertThat(verify(1_000).differences()).containsExactlyEntriesOf(Map.of(Kind.STALE, 1L));
  }

  @Test
  void changeThatArrivesWithinTheSettleTimeIsInFlight() throws Exception {
    tables.writeBoth(MemoryTables.mixed(ROWS, now));
    write(
        tables.from(), row(1, "new", now), row(ROWS + 1, "a", now), new Delete(Key.of("k2"), now));
    TestClock arriving =
        new TestClock() {
          @Override
          public void pause(long nanos) throws InterruptedException {
            write(
                tables.to(),
                row(1, "new", now),
                row(ROWS + 1, "a", now),
                new Delete(Key.of("k2"), now));
            super.pause(nanos);
          }
        };
    VerifyResult result = verify(tables.from(), tables.to(), 100, 10_000, arriving);
    assertThat(result.verdict()).isEqualTo(VerifyResult.Verdict.EQUAL);
    assertThat(result.from().inFlight()).isEqualTo(3);
    assertThat(result.to().inFlight()).isEqualTo(2);
  }

  @Test
  void keyThatMovesAtEachReadIsCountedApart() throws Exception {
    tables.writeBoth(MemoryTables.mixed(ROWS, now));
    write(tables.from(), row(1, "v0", now));
    TestClock moving =
        new TestClock() {
          private int moved;

          @Override
          public void pause(long nanos) throws InterruptedException {
            write(tables.from(), row(1, "v" + ++moved, now + moved));
            super.pause(nanos);
          }
        };
    VerifyResult result = verify(tables.from(), tables.to(), 1_000_000, 10_000, moving);
    assertThat(result.verdict()).isEqualTo(VerifyResult.Verdict.UNSETTLED);
    assertThat(result.movingKeys()).isEqualTo(1);
    assertThat(result.from().moving()).isEqualTo(1);
    assertThat(result.movingExamples().get(0).key()).isEqualTo("[k1]");
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 1_000_000})
  void enoughDifferencesEndTheComparisonAndTheRestIsUnexamined(int heldRows) throws Exception {
    List<Change> rows = MemoryTables.mixed(ROWS, now);
    write(tables.from(), rows);
    TestClock clock = new TestClock();
    VerifyResult result = verify(tables.from(), tables.to(), heldRows, 10, clock);
    assertThat(result.verdict()).isEqualTo(VerifyResult.Verdict.DIFFERENT);
    assertThat(result.differentKeys()).isGreaterThanOrEqualTo(10);
    assertThat(result.from().rows()).isEqualTo(ROWS);
    assertThat(result.isWhole()).isEqualTo(heldRows > ROWS);
    assertThat(result.examples()).hasSizeLessThanOrEqualTo(100);
  }

  @Test
  void manyDifferingBucketsAreComparedInPassesThatFitIntoMemory() throws Exception {
    List<Change> rows = MemoryTables.mixed(ROWS, now);
    tables.writeBoth(rows);
    List<Put> changed = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      changed.add(row(i * 100, "changed", now));
    }
    write(tables.to(), changed);
    VerifyResult result = verify(100);
    assertThat(result.differentKeys()).isEqualTo(40);
    assertThat(result.comparePasses()).isGreaterThan(1);
    assertThat(result.bucketsDiffering()).isBetween(30, 40);
    assertThat(result.isWhole()).isTrue();
  }

  @Test
  void resultIsEvidenceOnItsOwn() throws Exception {
    tables.writeBoth(List.of(row(1, "a", now)));
    write(tables.to(), row(2, "b", now));
    VerifyResult result = verify(1_000);
    ObjectMapper json = new ObjectMapper();
    String file = json.writerWithDefaultPrettyPrinter().writeValueAsString(result);
    assertThat(json.readValue(file, VerifyResult.class)).isEqualTo(result);
    ObjectNode tampered = (ObjectNode) json.readTree(file);
    tampered.put("differentKeys", 0);
    assertThat(json.treeToValue(tampered, VerifyResult.class).isGenuine()).isFalse();
    // Others can compute the hash: of the compact JSON with sorted names, without the hash.
    Object sorted = json.readValue(file, java.util.TreeMap.class);
    ((Map<?, ?>) sorted).remove("evidence");
    String compact =
        json.copy()
            .enable(com.fasterxml.jackson.databind.SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .writeValueAsString(sorted);
    assertThat(RowHash.ofText(compact)).isEqualTo(result.evidence());
  }
}
