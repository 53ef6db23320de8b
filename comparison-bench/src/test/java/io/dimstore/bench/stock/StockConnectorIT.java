// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.stock;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.bench.stock.TwoConnectors.Change;
import io.dimstore.bench.stock.TwoConnectors.Field;
import io.dimstore.stack.LocalStackExtension;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.types.DataType;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

/** Checks that our connector reads what the stock HBase connector writes, and vice versa. */
class StockConnectorIT {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with("hbase", "redis");

  @RegisterExtension static final MiniClusterExtension cluster = TwoConnectors.cluster();

  @Test
  void everyTypeOfTheStockConnectorIsReadByBothWhoeverWroteIt() throws Exception {
    assertReadByBothWhoeverWroteIt(new String[0], new String[0]);
  }

  @Test
  void anotherNullLiteralIsSharedToo() throws Exception {
    assertReadByBothWhoeverWroteIt(
        new String[] {"null-string-literal", "\\N"},
        new String[] {"hbase-redis.null-literal", "\\N"});
  }

  private static void assertReadByBothWhoeverWroteIt(String[] stockOptions, String[] ourOptions)
      throws Exception {
    List<Field> fields = StockTypes.fields();
    TwoConnectors sql =
        table(DataTypes.STRING(), fields)
            .stock("stock", fields, false, stockOptions)
            .ours("ours", ourOptions);
    Map<String, Row> rows = new LinkedHashMap<>();
    List<Change> byStock = new ArrayList<>();
    List<Change> byUs = new ArrayList<>();
    StockTypes.rows()
        .forEach(
            (key, row) -> {
              rows.put("stock-" + key, row);
              rows.put("ours-" + key, row);
              byStock.add(put("stock-" + key, row, 0));
              byUs.add(put("ours-" + key, row, 1_700_000_000_000L));
            });
    sql.writeStock("stock", fields, false, byStock);
    sql.writeOurs("ours", byUs);

    assertSame(sql.scanStock("stock"), rows, "as the stock connector reads");
    assertSame(sql.scanOurs("ours"), rows, "as we scan");
    assertSame(sql.lookUpOurs("ours", rows.keySet()), rows, "as we look up");
    assertSame(sql.lookUpOurs("ours", rows.keySet()), rows, "from Redis");
  }

  @Test
  void aKeyOfAnyTypeIsTheSameRowForBoth() throws Exception {
    List<Field> fields = List.of(new Field("v", "f", "v", DataTypes.STRING()));
    for (DataType type :
        List.of(DataTypes.BIGINT(), DataTypes.DECIMAL(10, 2), DataTypes.TIMESTAMP_LTZ(3))) {
      TwoConnectors sql =
          table(type, fields)
              .stock("stock", fields, false)
              .stock("stock_at", fields, true)
              .ours("ours");
      List<Object> keys = StockTypes.all().get(type);
      Map<String, Row> rows = new LinkedHashMap<>();
      List<Change> byStock = new ArrayList<>();
      List<Change> byUs = new ArrayList<>();
      for (Object key : keys) {
        // Our put is newer for every other key. Both connectors must store a key under the same
        // row.
        boolean oursIsNewer = rows.size() % 2 == 0;
        byStock.add(put(key, Row.of("stock"), 10));
        byUs.add(put(key, Row.of("ours"), oursIsNewer ? 11 : 9));
        rows.put(String.valueOf(key), Row.of(oursIsNewer ? "ours" : "stock"));
      }
      sql.writeStock("stock_at", fields, true, byStock);
      sql.writeOurs("ours", byUs);
      assertSame(sql.scanStock("stock"), rows, String.format("%s, stock", type));
      assertSame(sql.scanOurs("ours"), rows, String.format("%s, ours", type));
      assertSame(sql.lookUpOurs("ours", keys), rows, String.format("%s, looked up", type));
    }
  }

  /**
   * The stock encoding cannot distinguish these values from null. The state cell of our rows
   * records which columns are null.
   */
  @Test
  void emptyBytesAndTheNullLiteralAreNullForTheStockConnectorAndThemselvesForUs() throws Exception {
    List<Field> fields =
        List.of(
            new Field("t", "f", "t", DataTypes.STRING()),
            new Field("b", "f", "b", DataTypes.BYTES()));
    TwoConnectors sql =
        table(DataTypes.STRING(), fields).stock("stock", fields, false).ours("ours");
    Row row = Row.of("null", new byte[0]);
    sql.writeStock("stock", fields, false, List.of(put("stock", row, 0)));
    sql.writeOurs("ours", List.of(put("ours", row, 7)));
    Row nulls = Row.of(null, null);
    assertThat(sql.scanStock("stock")).isEqualTo(Map.of("stock", nulls, "ours", nulls));
    assertThat(sql.scanOurs("ours")).isEqualTo(Map.of("stock", nulls, "ours", row));
    assertThat(sql.lookUpOurs("ours", List.of("stock", "ours")))
        .isEqualTo(Map.of("stock", nulls, "ours", row));
  }

  @Test
  void theNewestIsVisibleToBoth() throws Exception {
    AlternatingWrites.assertSeen(
        stack,
        new AlternatingWrites.Case("S+10", "10 10"),
        new AlternatingWrites.Case("O+10", "10 10"),
        new AlternatingWrites.Case("S+10 O+20", "20 20"),
        new AlternatingWrites.Case("O+10 S+20", "20 20"),
        new AlternatingWrites.Case("S+10 O+20 S+30 O+40", "40 40"),
        new AlternatingWrites.Case("O+20 S+10", "20 20"),
        new AlternatingWrites.Case("S+20 O+10", "20 20"),
        new AlternatingWrites.Case("S+30 O+10 S+20", "30 30"),
        new AlternatingWrites.Case("O+10 S~20", "20 10"),
        new AlternatingWrites.Case("S~10", "10 null"),
        new AlternatingWrites.Case("S+10 S~20 O+15", "20 15"),
        new AlternatingWrites.Case("O+20 S-20", AlternatingWrites.NONE),
        new AlternatingWrites.Case("S+20 S-20", AlternatingWrites.NONE),
        new AlternatingWrites.Case("S+10 O-20", AlternatingWrites.NONE),
        new AlternatingWrites.Case("O+10 O-20", AlternatingWrites.NONE),
        new AlternatingWrites.Case("O+10 O-20 S+30", "30 30"),
        new AlternatingWrites.Case("O-20 S+10", AlternatingWrites.NONE),
        new AlternatingWrites.Case("O-20 S+10 O+30", "30 30"),
        new AlternatingWrites.Case("S+20 O-10", "20 20"),
        new AlternatingWrites.Case("O+10 S+20 O-15", "20 20"),
        new AlternatingWrites.Case("O+10 S+20 O-30", AlternatingWrites.NONE),
        new AlternatingWrites.Case("S+10 S- O+20", "20 20"),
        new AlternatingWrites.Case("S+10 S-", AlternatingWrites.NONE),
        new AlternatingWrites.Case("O+10 S-", AlternatingWrites.NONE),
        new AlternatingWrites.Case("O+10 S- S+20", "20 20"),
        new AlternatingWrites.Case("O+10 S- O+20", "20 20"),
        new AlternatingWrites.Case("O+10 S+20 S-", "10 10"));
  }

  /** The storage format describes each of these cases. */
  @Test
  void differencesFromTheStockConnectorAreAsDocumented() throws Exception {
    AlternatingWrites.assertSeen(
        stack,
        // HBase sorts a delete before a put of the same version. Our connector writes no such
        // delete marker.
        new AlternatingWrites.Case("O+20 O-20", AlternatingWrites.NONE, "20 20"),
        new AlternatingWrites.Case("S+20 O-20", AlternatingWrites.NONE, "20 20"),
        // The stock delete removes one version only, so the version below it becomes visible.
        new AlternatingWrites.Case("O+10 O+20 S-", AlternatingWrites.NONE, "10 10"),
        // The expiry of a row is in the state cell, which the stock connector does not read.
        new AlternatingWrites.Case("O!20", AlternatingWrites.NONE, "20 20"),
        new AlternatingWrites.Case("S+10 O!20 S+30", "30 30"));
  }

  @Test
  void afterACompactionTheStockConnectorSeesNoEarlierDelete() throws Exception {
    AlternatingWrites.assertSeen(
        stack,
        new AlternatingWrites.Case("O+10 O-20 C S+15", AlternatingWrites.NONE, "15 15"),
        new AlternatingWrites.Case("O+10 O-20 C S+30", "30 30"),
        new AlternatingWrites.Case("S+10 O-20 C O+15", AlternatingWrites.NONE, "15 15"),
        new AlternatingWrites.Case("S+10 O+15 O-20 C", AlternatingWrites.NONE),
        new AlternatingWrites.Case("O+10 O+20 S-", AlternatingWrites.NONE, "10 10"),
        new AlternatingWrites.Case("O+10 O+20 C S-", AlternatingWrites.NONE));
  }

  @Test
  void fromRedisWeReadTheRowBeforeAWriteOfTheStockConnectorUntilItsEntryEnds() throws Exception {
    List<Field> fields = List.of(new Field("v", "f", "v", DataTypes.STRING()));
    String name = "two_" + UUID.randomUUID().toString().substring(0, 8);
    TwoConnectors sql =
        new TwoConnectors(stack.hbase(), stack.redis(), name, DataTypes.STRING(), fields)
            .stock("stock", fields, false)
            .stock("stock_at", fields, true)
            .ours("ours");
    Map<String, Row> before = Map.of("k", Row.of("ours"));
    Map<String, Row> after = Map.of("k", Row.of("stock"));
    sql.writeOurs("ours", List.of(put("k", Row.of("ours"), 10)));
    assertSame(sql.lookUpOurs("ours", before.keySet()), before, "filled in");
    sql.writeStock("stock_at", fields, true, List.of(put("k", Row.of("stock"), 20)));
    assertSame(sql.scanStock("stock"), after, "as the stock connector reads");
    assertSame(sql.scanOurs("ours"), after, "as we scan");
    assertSame(sql.lookUpOurs("ours", before.keySet()), before, "from Redis");
    try (Jedis redis = new Jedis(stack.redis().host(), stack.redis().port())) {
      String entry = "dim:" + name + ":k";
      assertThat(redis.pttl(entry)).as("max-age, 10 min").isBetween(1L, 600_000L);
      redis.del(entry);
    }
    assertSame(sql.lookUpOurs("ours", before.keySet()), after, "when the entry has ended");
  }

  /** Compares value by value, so that a failure does not print the long rows. */
  private static void assertSame(Map<String, Row> found, Map<String, Row> expected, String how) {
    assertThat(found.keySet()).as(how).isEqualTo(expected.keySet());
    expected.forEach(
        (key, row) -> {
          for (int i = 0; i < row.getArity(); i++) {
            assertThat(found.get(key).getField(i))
                .as("%s: %s, column %s", how, key, i)
                .isEqualTo(row.getField(i));
          }
        });
  }

  private static Change put(Object key, Row values, long version) {
    return new Change(RowKind.INSERT, key, values, version);
  }

  private static TwoConnectors table(DataType key, List<Field> fields) throws IOException {
    String name = "two_" + UUID.randomUUID().toString().substring(0, 8);
    return new TwoConnectors(stack.hbase(), stack.redis(), name, key, fields);
  }
}
