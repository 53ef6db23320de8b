// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.EpochTags;
import io.dimstore.hbaseredis.fixture.HBaseRedisHarness;
import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.hbaseredis.internal.encoding.Utf8;
import io.dimstore.hbaseredis.internal.hbase.RowGets;
import io.dimstore.spi.Delete;
import io.dimstore.spi.ForeignWrites;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.hbase.client.Get;
import org.apache.hadoop.hbase.client.Result;
import org.apache.hadoop.hbase.client.Table;
import org.apache.hadoop.hbase.util.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

/** Rows that other tools write, and rows of dimstore as other tools see them. */
class OtherToolsIT {

  private static final byte[] F = Bytes.toBytes("f");
  private static final byte[] COUNTRY = Bytes.toBytes("country");
  private static final byte[] LEVEL = Bytes.toBytes("level");

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with("hbase", "redis");

  private Users users;
  private HBaseShell shell;
  private Table table;

  @BeforeEach
  void open() throws IOException {
    HBaseRedisHarness servers = new HBaseRedisHarness(stack.hbase(), stack.redis());
    users = Users.open(servers, Map.of("max-age", "1 ms")).created();
    shell = new HBaseShell(stack.hbase());
    table = shell.table(users.spec().name());
  }

  @AfterEach
  void close() throws IOException {
    table.close();
    shell.close();
    users.close();
  }

  @Test
  void aRowOfTheStockConnectorIsReadWithItsNewestCellAsVersion() throws IOException {
    table.put(
        new org.apache.hadoop.hbase.client.Put(Bytes.toBytes("stock"))
            .addColumn(F, COUNTRY, 40, Bytes.toBytes("null"))
            .addColumn(F, LEVEL, 50, Bytes.toBytes(7)));
    assertThat(users.get("stock")).isEqualTo(new Put(Key.of("stock"), Row.of(null, 7), 50));
  }

  @Test
  void theTimeToLiveOfAnotherToolsCellsIsAnExpiry() throws IOException {
    long version = System.currentTimeMillis();
    byte[] whole = Bytes.toBytes("whole");
    byte[] part = Bytes.toBytes("part");
    table.put(
        new org.apache.hadoop.hbase.client.Put(whole, version)
            .addColumn(F, COUNTRY, Bytes.toBytes("NL"))
            .addColumn(F, LEVEL, Bytes.toBytes(7))
            .setTTL(60_000));
    table.put(
        new org.apache.hadoop.hbase.client.Put(part, version)
            .addColumn(F, COUNTRY, Bytes.toBytes("NL"))
            .setTTL(60_000));
    table.put(
        new org.apache.hadoop.hbase.client.Put(part, version)
            .addColumn(F, LEVEL, Bytes.toBytes(7)));
    Row row = Row.of("NL", 7);
    for (int reads = 0; reads < 3; reads++) {
      assertThat(users.get("whole"))
          .isEqualTo(new Put(Key.of("whole"), row, version, version + 60_001));
      assertThat(users.get("part")).isEqualTo(new Put(Key.of("part"), row, version));
    }
  }

  @Test
  void aRowOfOursIsInTheStockEncoding() throws IOException {
    users.write(Users.user("ours", null, null, 5), Users.user("null", "null", 3, 6));
    Result nulls = table.get(new Get(Bytes.toBytes("ours")));
    assertThat(nulls.getValue(F, COUNTRY)).isEqualTo(Bytes.toBytes("null"));
    assertThat(nulls.getValue(F, LEVEL)).isEmpty();
    assertThat(nulls.getColumnLatestCell(F, LEVEL).getTimestamp()).isEqualTo(5);
    Result text = table.get(new Get(Bytes.toBytes("null")));
    assertThat(text.getValue(F, COUNTRY)).isEqualTo(Bytes.toBytes("null"));
    assertThat(text.getValue(F, LEVEL)).isEqualTo(Bytes.toBytes(3));
    assertThat(users.get("ours")).isEqualTo(Users.user("ours", null, null, 5));
    assertThat(users.get("null")).isEqualTo(Users.user("null", "null", 3, 6));
  }

  @Test
  void aNewerCellOfAnotherToolCountsAndAnOlderOneDoesNot() throws IOException {
    users.write(Users.user("mixed", "NL", 1, 100));
    put("mixed", COUNTRY, 99, Bytes.toBytes("old"));
    assertThat(users.get("mixed")).isEqualTo(Users.user("mixed", "NL", 1, 100));
    put("mixed", LEVEL, 101, Bytes.toBytes(2));
    await("mixed", Users.user("mixed", "NL", 2, 101));
    users.write(Users.user("mixed", "BE", null, 102));
    await("mixed", Users.user("mixed", "BE", null, 102));
  }

  @Test
  void aCellOfAnotherToolWithOurVersionCountsIfItCameLater() throws IOException {
    users.write(Users.user("tied", "NL", 1, 100), Users.user("filled", "NL", null, 100));
    put("tied", COUNTRY, 100, Bytes.toBytes("BE"));
    put("tied", LEVEL, 100, new byte[0]);
    put("filled", LEVEL, 100, Bytes.toBytes(7));
    await("tied", Users.user("tied", "BE", null, 100));
    await("filled", Users.user("filled", "NL", 7, 100));
    users.write(Users.user("tied", "", 2, 100));
    await("tied", Users.user("tied", "", 2, 100));
  }

  @Test
  void afterADeleteOnlyNewerCellsOfAnotherToolMakeARow() throws IOException {
    users.write(Users.user("back", "NL", 1, 100));
    users.write(new Delete(Key.of("back"), 200));
    put("back", COUNTRY, 150, Bytes.toBytes("late"));
    assertThat(users.get("back")).isNull();
    put("back", COUNTRY, 201, Bytes.toBytes("DE"));
    await("back", Users.user("back", "DE", null, 201));
  }

  @Test
  void aDeleteOfOursHidesTheRowFromOtherToolsToo() throws IOException {
    users.write(Users.user("hidden", "NL", 1, 100));
    users.write(new Delete(Key.of("hidden"), 200));
    assertThat(table.get(new Get(Bytes.toBytes("hidden")).addFamily(F)).isEmpty()).isTrue();
    shell.compact(users.spec().name());
    assertThat(table.get(new Get(Bytes.toBytes("hidden")).addFamily(F)).isEmpty()).isTrue();
    assertThat(users.get("hidden")).isNull();
    users.write(Users.user("hidden", "late", 1, 150));
    assertThat(users.get("hidden")).isNull();
  }

  @Test
  void rowsThatAnotherToolWroteLastAreKnownWithTheirTimes() throws IOException {
    long later = System.currentTimeMillis() + 3_600_000;
    put("stock", LEVEL, 50, Bytes.toBytes(7));
    users.write(Users.user("ours", "NL", 1, 100), Users.user("mixed", "NL", 1, 100));
    put("ours", COUNTRY, 99, Bytes.toBytes("old"));
    put("mixed", LEVEL, 101, Bytes.toBytes(2));
    users.write(Users.user("deleted", "NL", 1, 100), Users.user("again", "NL", 1, 100));
    users.write(new Put(Key.of("expired"), Row.of("NL", 1), 100, 101));
    users.write(new Put(Key.of("expires"), Row.of("NL", 1), 100, later));
    for (String row : List.of("deleted", "again", "expired", "expires")) {
      table.delete(new org.apache.hadoop.hbase.client.Delete(Bytes.toBytes(row)).addFamily(F));
    }
    users.write(new Delete(Key.of("again"), 102));
    List<Key> keys =
        Stream.of("stock", "ours", "mixed", "deleted", "again", "expired", "expires", "none")
            .map(Key::of)
            .toList();
    assertThat(
            ((ForeignWrites) users.table())
                .foreignWrites(keys).toCompletableFuture().join().stream()
                    .map(time -> time == null ? null : time.toEpochMilli()))
        .containsExactly(50L, null, 101L, 100L, null, null, 100L, null);
  }

  @Test
  void aRowWhoseCellsAnotherToolDeletedIsAbsent() throws IOException {
    users.write(Users.user("deleted", "NL", 1, 100));
    table.delete(
        new org.apache.hadoop.hbase.client.Delete(Bytes.toBytes("deleted"))
            .addColumn(F, COUNTRY)
            .addColumn(F, LEVEL));
    await("deleted", null);
    users.write(Users.user("deleted", "again", 1, 101));
    await("deleted", Users.user("deleted", "again", 1, 101));
  }

  /** Reads more often than it takes until rows without undeclared cells are read whole. */
  @Test
  void undeclaredCellsChangeNothingHoweverOftenARowIsRead() throws IOException {
    users.write(Users.user("plain", "NL", 1, 5), Users.user("more", "NL", 1, 5));
    byte[] more = Bytes.toBytes("more");
    readOften("plain", Users.user("plain", "NL", 1, 5));
    table.put(
        new org.apache.hadoop.hbase.client.Put(more)
            .addColumn(F, Bytes.toBytes("a"), 90, Bytes.toBytes("?"))
            .addColumn(F, Bytes.toBytes("country2"), 90, Bytes.toBytes("?"))
            .addColumn(F, Bytes.toBytes("zz"), 90, Bytes.toBytes("?")));
    table.put(
        new org.apache.hadoop.hbase.client.Put(Bytes.toBytes("other"))
            .addColumn(F, Bytes.toBytes("zz"), 90, Bytes.toBytes("?")));
    readOften("more", Users.user("more", "NL", 1, 5));
    readOften("other", null);
    readOften("plain", Users.user("plain", "NL", 1, 5));
  }

  private void readOften(String id, Put expected) {
    for (int i = 0; i < 2 * RowGets.CLEAN_ROWS; i++) {
      assertThat(users.get(id)).isEqualTo(expected);
    }
  }

  @Test
  void aProjectionNeverTurnsARowIntoAMiss() throws IOException {
    put("narrow", LEVEL, 10, Bytes.toBytes(7));
    List<Put> found =
        Users.await(users.table().get(List.of(Key.of("narrow")), users.spec().project("country")));
    assertThat(found).containsExactly(new Put(Key.of("narrow"), Row.of((Object) null), 10));
    assertThat(Users.await(users.table().get(List.of(Key.of("narrow")), users.spec().project())))
        .containsExactly(new Put(Key.of("narrow"), Row.of(), 10));
  }

  @Test
  void aTableWithoutTheStateFamilyIsRefusedWithTheCommandThatPreparesIt() throws IOException {
    String name = "stock_" + Users.unique();
    shell.create(name, "f");
    StoreException refusal = refusal(name);
    assertThat(refusal.kind()).isEqualTo(StoreException.Kind.INVALID);
    assertThat(refusal).hasMessageContaining("alter '" + name + "', {NAME => 's'}");
  }

  @Test
  void aTableOfManyRegionsIsReadInASplitOfEach() throws IOException {
    String name = "regions_" + Users.unique();
    shell.create(name, Bytes.toByteArrays(new String[] {"b", "m"}), "f", "s");
    HBaseRedisHarness servers = new HBaseRedisHarness(stack.hbase(), stack.redis());
    try (Users wide = Users.open(servers, Map.of(), Users.spec(name))) {
      for (String id : List.of("a", "b", "c", "m", "z")) {
        wide.write(Users.user(id, "x", 1, 1));
      }
      ScanOptions options = ScanOptions.rows(wide.spec().all());
      for (int desired : new int[] {1, 2, 3, 7}) {
        List<ScanSplit> splits = Users.await(wide.table().splits(desired, options));
        assertThat(splits.size()).as("splits for %s", desired).isBetween(desired == 1 ? 1 : 2, 7);
        Set<Object> seen = new HashSet<>();
        for (ScanSplit split : splits) {
          for (var change : Users.await(wide.table().scan(split, 100)).changes()) {
            assertThat(seen.add(change.key().get(0))).as("seen once: %s", change).isTrue();
          }
        }
        assertThat(seen).containsExactlyInAnyOrder("a", "b", "c", "m", "z");
      }
    }
  }

  /** A delete hides the row from other tools in each family, and a put makes each visible again. */
  @Test
  void aRowOfSeveralFamiliesIsOne() throws IOException {
    String name = "families_" + Users.unique();
    TableSpec spec = with(name, Map.of("family", "g", "column.level", "f:level"));
    HBaseRedisHarness servers = new HBaseRedisHarness(stack.hbase(), stack.redis());
    try (Users wide = Users.open(servers, Map.of("max-age", "1 ms"), spec).created();
        Table cells = shell.table(name)) {
      Get get = new Get(Bytes.toBytes("a")).addFamily(F).addFamily(Bytes.toBytes("g"));
      wide.write(Users.user("a", "NL", 1, 5));
      assertThat(cells.get(get).getValue(F, LEVEL)).isEqualTo(Bytes.toBytes(1));
      assertThat(cells.get(get).getValue(Bytes.toBytes("g"), COUNTRY))
          .isEqualTo(Bytes.toBytes("NL"));
      assertThat(wide.get("a")).isEqualTo(Users.user("a", "NL", 1, 5));
      wide.write(new Delete(Key.of("a"), 9));
      assertThat(cells.get(get).isEmpty()).as("in no family").isTrue();
      assertThat(wide.get("a")).isNull();
      wide.write(Users.user("a", "BE", 2, 10));
      assertThat(cells.get(get).size()).isEqualTo(2);
      assertThat(wide.get("a")).isEqualTo(Users.user("a", "BE", 2, 10));
    }
  }

  /**
   * Jobs of one table may declare different columns; a put with fewer columns replaces the whole
   * row.
   */
  @Test
  void aPutOfFewerColumnsHidesOlderCellsOfTheOthers() {
    TableSpec spec = users.spec();
    TableSpec narrow = new TableSpec(spec.name(), spec.columns().subList(0, 2), List.of("id"));
    users.write(Users.user("fewer", "NL", 1, 5));
    Put put = new Put(Key.of("fewer"), Row.of("BE"), 6);
    Users.await(users.store().table(narrow).write(List.of(put)));
    await("fewer", Users.user("fewer", "BE", null, 6));
    users.write(Users.user("fewer", "DE", 3, 7));
    await("fewer", Users.user("fewer", "DE", 3, 7));
  }

  @Test
  void writeOfAnotherToolToExpiredRowShowsOnlyItsOwnCells() throws IOException {
    long over = System.currentTimeMillis() - 1_000;
    users.write(new Put(Key.of("over"), Row.of("NL", 1), 5, over));
    assertThat(users.get("over")).isNull();
    put("over", LEVEL, 6, Bytes.toBytes(7));
    await("over", Users.user("over", null, 7, 6));
  }

  /**
   * An entry in Redis has only one expiry. The old entry is removed, and no negative entry is
   * created.
   */
  @Test
  void rowWhoseCellsExpireAtDifferentTimesIsNotCached() throws IOException {
    long later = System.currentTimeMillis() + 3_600_000;
    HBaseRedisHarness servers = new HBaseRedisHarness(stack.hbase(), stack.redis());
    try (Users copied = Users.open(servers, Map.of(), users.spec());
        Jedis plain = new Jedis(stack.redis().host(), stack.redis().port())) {
      copied.write(new Put(Key.of("parts"), Row.of("NL", 1), 5, later));
      put("parts", LEVEL, 6, Bytes.toBytes(7));
      for (int i = 0; i < 3; i++) {
        assertThat(copied.get("parts")).isEqualTo(Users.user("parts", "NL", 7, 6));
      }
      assertThat(plain.exists("dim:" + users.spec().name() + ":parts")).isFalse();
    }
  }

  /** Whichever program wrote it: it is never an answer, and the first reader removes it. */
  @Test
  void invalidEntryIsReplacedByFirstReader() {
    HBaseRedisHarness servers = new HBaseRedisHarness(stack.hbase(), stack.redis());
    try (Users copied = Users.open(servers, Map.of(), users.spec());
        Jedis plain = new Jedis(stack.redis().host(), stack.redis().port())) {
      copied.write(Users.user("odd", "NL", 1, 5));
      byte[] name = Utf8.encode("dim:" + users.spec().name() + ":odd");
      plain.set(name, EpochTags.tagged(plain, new byte[] {1, 'P', 0}));
      assertThat(copied.get("odd")).isEqualTo(Users.user("odd", "NL", 1, 5));
      assertThat(plain.exists(name)).isFalse();
      copied.warm("odd");
      assertThat(copied.get("odd")).isEqualTo(Users.user("odd", "NL", 1, 5));
    }
  }

  @Test
  void nullLiteralIsSetPerTable() throws IOException {
    String name = "literal_" + Users.unique();
    TableSpec spec = with(name, Map.of("null-literal", "\\N"));
    HBaseRedisHarness servers = new HBaseRedisHarness(stack.hbase(), stack.redis());
    try (Users own = Users.open(servers, Map.of("max-age", "1 ms"), spec).created();
        Table cells = shell.table(name)) {
      own.write(Users.user("ours", null, 1, 5));
      assertThat(cells.get(new Get(Bytes.toBytes("ours"))).getValue(F, COUNTRY))
          .isEqualTo(Bytes.toBytes("\\N"));
      for (String text : List.of("\\N", "null", "")) {
        cells.put(
            new org.apache.hadoop.hbase.client.Put(Bytes.toBytes("stock"))
                .addColumn(F, COUNTRY, 10, Bytes.toBytes(text))
                .addColumn(F, LEVEL, 10, Bytes.toBytes(1)));
        Put expected = Users.user("stock", text.equals("\\N") ? null : text, 1, 10);
        HBaseShell.await("stock = " + expected, () -> Objects.equals(own.get("stock"), expected));
      }
    }
  }

  private static TableSpec with(String name, Map<String, String> options) {
    return new TableSpec(name, Users.spec(name).columns(), List.of("id"), options);
  }

  private StoreException refusal(String name) {
    try {
      users.store().validate(Users.spec(name)).toCompletableFuture().join();
    } catch (RuntimeException e) {
      return StoreException.find(e);
    }
    throw new AssertionError("Table " + name + " was not refused");
  }

  private void put(String id, byte[] column, long timestamp, byte[] value) throws IOException {
    table.put(
        new org.apache.hadoop.hbase.client.Put(Bytes.toBytes(id))
            .addColumn(F, column, timestamp, value));
  }

  /**
   * Waits until a write of another tool is visible, which is when the entry in Redis has expired.
   */
  private void await(String id, Put expected) {
    HBaseShell.await(id + " = " + expected, () -> Objects.equals(users.get(id), expected));
  }
}
