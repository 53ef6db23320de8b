// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.EpochTags;
import io.dimstore.hbaseredis.fixture.HBaseRedisHarness;
import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.hbaseredis.internal.options.EntryFormat;
import io.dimstore.spi.Change;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Maintenance.CheckPage;
import io.dimstore.spi.Maintenance.Difference;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.hadoop.hbase.client.Get;
import org.apache.hadoop.hbase.client.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/**
 * The other encodings of row keys and formats of entries, through the whole store on the real
 * servers.
 */
class EncodingsIT {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with("hbase", "redis");

  private final List<Users> opened = new ArrayList<>();
  private HBaseRedisHarness servers;
  private Jedis plain;

  @BeforeEach
  void open() {
    servers = new HBaseRedisHarness(stack.hbase(), stack.redis());
    plain = new Jedis(stack.redis().host(), stack.redis().port());
  }

  /**
   * Drops the tables: the server, which other tests use too, keeps memory for each family of each
   * table.
   */
  @AfterEach
  void close() throws IOException {
    plain.close();
    try (HBaseShell shell = new HBaseShell(stack.hbase())) {
      for (Users users : opened) {
        users.close();
        shell.drop(users.spec().name());
      }
    }
  }

  private Users users(List<Column> columns, Map<String, String> options) {
    TableSpec spec = new TableSpec("forms_" + Users.unique(), columns, List.of("id"), options);
    Users users = Users.open(servers, Map.of(), spec).created();
    opened.add(users);
    return users;
  }

  @ParameterizedTest
  @EnumSource
  void everyValueComesBackFromRedis(EntryFormat format) {
    Users users = users(ManyTypes.columns(), Map.of("redis.format", format.name()));
    List<Put> puts = new ArrayList<>();
    for (Row row : ManyTypes.rows()) {
      puts.add(new Put(Key.of("row" + puts.size()), row, 7));
    }
    Users.await(users.table().write(List.copyOf(puts)));
    List<Key> keys = puts.stream().map(Put::key).toList();
    assertThat(Users.await(users.table().get(keys, users.spec().all()))).isEqualTo(puts);
    long before = users.count("redis.hit");
    assertThat(Users.await(users.table().get(keys, users.spec().all()))).isEqualTo(puts);
    assertThat(users.count("redis.hit") - before).as("from Redis").isEqualTo(keys.size());
    String some = ManyTypes.columns().get(9).name();
    List<Put> narrow = Users.await(users.table().get(keys, users.spec().project(some)));
    for (int i = 0; i < puts.size(); i++) {
      assertThat(narrow.get(i).row().get(0)).isEqualTo(puts.get(i).row().get(8));
    }
    assertThat(counts(users.check(100, false))).isEmpty();
  }

  @Test
  void aHashCanBeReadWithoutThisStore() {
    Users users =
        users(
            List.of(
                new Column("id", DataType.STRING),
                new Column("level", DataType.Simple.BIGINT),
                new Column("price", new DataType.Decimal(10, 2)),
                new Column("seen", new DataType.TimestampLtz(3)),
                new Column("note", DataType.STRING)),
            Map.of("redis.format", "hash", "redis.key", "features:{table}:{key}"));
    Row row =
        Row.of(1L << 60, new BigDecimal("1.50"), Instant.parse("2026-01-02T03:04:05.006Z"), null);
    users.write(new Put(Key.of("u1"), row, 42));
    users.warm("u1");
    String name = "features:" + users.spec().name() + ":u1";
    assertThat(plain.hgetAll(name))
        .containsEntry("__dim_v", "42")
        .containsEntry("__dim_e", EpochTags.hex(plain))
        .containsEntry("level", "1152921504606846976")
        .containsEntry("price", "1.50")
        .containsEntry("seen", "2026-01-02T03:04:05.006Z")
        .doesNotContainKeys("note", "__dim_x");
    assertThat(plain.pttl(name)).isPositive();
  }

  @Test
  void jsonCanBeReadWithoutThisStore() {
    Users users =
        users(
            List.of(
                new Column("id", DataType.STRING),
                new Column("tags", new DataType.Array(DataType.STRING)),
                new Column("born", DataType.Simple.DATE),
                new Column("score", DataType.Simple.DOUBLE)),
            Map.of("redis.format", "json", "redis.key", "features:{table}:{key}"));
    Row row = Row.of(List.of("a", "b"), LocalDate.of(2000, 1, 2), 0.5);
    users.write(new Put(Key.of("u1"), row, 42));
    users.warm("u1");
    assertThat(plain.get("features:" + users.spec().name() + ":u1"))
        .startsWith("{\"__dim_v\":42,\"__dim_c\":\"")
        .endsWith(
            "\"born\":\"2000-01-02\",\"score\":0.5,\"tags\":[\"a\",\"b\"],\"__dim_e\":\""
                + EpochTags.hex(plain)
                + "\"}");
  }

  @ParameterizedTest
  @EnumSource
  void checkFindsAndHealsDifferences(EntryFormat format) {
    Users users =
        users(
            Users.spec("x").columns(),
            Map.of("redis.format", format.name(), "redis.key", "c:{table}:{key}"));
    users.write(Users.user("same", "NL", 1, 5), Users.user("wrong", "NL", 1, 5));
    users.write(Users.user("stale", "NL", 1, 5), Users.user("broken", "NL", 1, 5));
    List.of("same", "wrong", "stale", "broken", "extra").forEach(users::warm);
    EntryCodec entries = new EntryCodec(new Layout(users.spec()));
    put(users, "wrong", entries.encode(Row.of("BE", 1), 5, Put.NEVER));
    put(users, "stale", EntryCodec.tombstone(4));
    put(users, "extra", entries.encode(Row.of("BE", 1), 5, Put.NEVER));
    plain.del(name(users, "broken"));
    if (format == EntryFormat.HASH) {
      plain.hset(name(users, "broken"), Utf8.encode("level"), Utf8.encode("7"));
      plain.hset(name(users, "broken"), Utf8.encode("__dim_e"), Utf8.encode(EpochTags.hex(plain)));
    } else {
      byte[] broken = Utf8.encode(format == EntryFormat.JSON ? "{\"level\":7}" : "x");
      plain.set(name(users, "broken"), EpochTags.tagged(plain, broken));
    }
    Map<Object, Difference.Kind> expected =
        Map.of(
            "wrong", Difference.Kind.VALUE,
            "stale", Difference.Kind.MISSING,
            "extra", Difference.Kind.EXTRA,
            "broken", Difference.Kind.UNREADABLE);
    assertThat(counts(users.check(100, true))).isEqualTo(expected);
    assertThat(counts(users.check(100, false))).as("healed").isEmpty();
    for (String id : List.of("wrong", "stale", "broken")) {
      assertThat(users.get(id)).isEqualTo(Users.user(id, "NL", 1, 5));
    }
    assertThat(users.get("extra")).isNull();
  }

  private void put(Users users, String id, byte[] entry) {
    EpochTags.put(plain, new Layout(users.spec()), name(users, id), entry);
  }

  private static byte[] name(Users users, String id) {
    return Utf8.encode("c:" + users.spec().name() + ":" + id);
  }

  private static Map<Object, Difference.Kind> counts(List<CheckPage> pages) {
    Map<Object, Difference.Kind> found = new HashMap<>();
    for (CheckPage page : pages) {
      page.differences().forEach(each -> found.put(each.key().get(0), each.kind()));
    }
    return found;
  }

  /**
   * With every codec, rows are found, scanned once, read by range, deleted, repaired and compared.
   */
  @ParameterizedTest
  @ValueSource(strings = {"salted 7", "reversed", "md5-prefix 2", "md5-hex-prefix 4"})
  void rowsUnderACodecAreFoundAndScannedCompletely(String codec) throws Exception {
    Map<String, String> options = new HashMap<>();
    String[] parts = codec.split(" ", -1);
    options.put("key-codec", parts[0]);
    if (parts.length > 1) {
      options.put("key-codec.size", parts[1]);
    }
    options.put("redis.format", "hash");
    Users users = users(Users.spec("x").columns(), options);
    List<Change> puts =
        IntStream.range(0, 300)
            .<Change>mapToObj(i -> Users.user("u" + (1_000 + i), "NL", i, 10))
            .toList();
    Users.await(users.table().write(puts));
    List<Key> keys = puts.stream().map(Change::key).toList();
    assertThat(Users.await(users.table().get(keys, users.spec().all())))
        .containsExactlyElementsOf(puts.stream().map(Put.class::cast).toList());
    assertThat(scan(users, null, null)).containsExactlyInAnyOrderElementsOf(puts);
    assertThat(scan(users, Key.of("u1100"), Key.of("u1200")))
        .containsExactlyInAnyOrderElementsOf(puts.subList(100, 200));
    assertThat(scan(users, Key.of("u1250"), null))
        .containsExactlyInAnyOrderElementsOf(puts.subList(250, 300));
    users.write(new Delete(Key.of("u1000"), 11));
    assertThat(users.get("u1000")).isNull();
    assertThat(counts(users.check(64, false))).isEmpty();
    users.repair();
    try (HBaseShell shell = new HBaseShell(stack.hbase());
        Table table = shell.table(users.spec().name())) {
      byte[] row = new Layout(users.spec()).keys().encode(Key.of("u1042"));
      assertThat(new String(row, StandardCharsets.ISO_8859_1)).isNotEqualTo("u1042");
      assertThat(table.exists(new Get(row))).as("under the codec's row key").isTrue();
      assertThat(table.exists(new Get(Utf8.encode("u1042")))).isFalse();
    }
  }

  private static List<Change> scan(Users users, Key from, Key to) {
    DimensionTable table = users.table();
    List<Change> found = new ArrayList<>();
    ScanOptions options = new ScanOptions(users.spec().all(), from, to, false);
    for (ScanSplit split : Users.await(table.splits(3, options))) {
      for (ScanSplit rest = split; rest != null; ) {
        var page = Users.await(table.scan(rest, 37));
        found.addAll(page.changes());
        rest = page.remaining();
      }
    }
    return found;
  }
}
