// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.stock;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.bench.stock.TwoConnectors.Change;
import io.dimstore.bench.stock.TwoConnectors.Field;
import io.dimstore.stack.LocalStackExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;

/**
 * Writes the same rows alternately with the stock connector and with ours. A case is a list of
 * steps:
 *
 * <ul>
 *   <li>{@code S+20}: a put by the stock connector at version 20
 *   <li>{@code S~20}: such a put to one of the two families only
 *   <li>{@code S-}: a delete by the stock connector of the newest version that it finds
 *   <li>{@code O+20}, {@code O-30}: a put and a delete by our connector
 *   <li>{@code O!20}: a put by our connector that has already expired when it arrives
 *   <li>{@code C}: HBase compacts the table, which contains the rows of all cases
 * </ul>
 */
final class AlternatingWrites {

  private static final List<Field> FIELDS =
      List.of(
          new Field("a", "f", "a", DataTypes.STRING()), new Field("n", "g", "n", DataTypes.INT()));
  private static final List<Field> HALF = FIELDS.subList(0, 1);

  /**
   * What a reader must see after all steps: per column the version that wrote it, or {@link #NONE}.
   */
  record Case(String steps, String ours, String stock) {
    Case(String steps, String both) {
      this(steps, both, both);
    }
  }

  static final String NONE = "none";

  private AlternatingWrites() {}

  /** Runs the steps of all cases together, in order. Then it reads the rows and compares them. */
  static void assertSeen(LocalStackExtension stack, Case... cases) throws Exception {
    String table = "turns_" + UUID.randomUUID().toString().substring(0, 8);
    TwoConnectors sql =
        new TwoConnectors(stack.hbase(), stack.redis(), table, DataTypes.STRING(), FIELDS)
            .stock("stock", FIELDS, false)
            .stock("stock_at", FIELDS, true)
            .stock("half_at", HALF, true)
            .ours("ours", "hbase-redis.max-age", "1 ms")
            .oursThatEnd("ours_ended", "hbase-redis.max-age", "1 ms");
    int most = 0;
    for (Case each : cases) {
      most = Math.max(most, each.steps.split(" ", -1).length);
    }
    for (int step = 0; step < most; step++) {
      List<Change> ours = new ArrayList<>();
      List<Change> stockAt = new ArrayList<>();
      List<Change> half = new ArrayList<>();
      List<Change> newest = new ArrayList<>();
      List<Change> ended = new ArrayList<>();
      boolean compact = false;
      for (Case each : cases) {
        String[] steps = each.steps.split(" ", -1);
        if (step < steps.length) {
          String text = steps[step];
          if (text.equals("C")) {
            compact = true;
            continue;
          }
          long version = text.length() > 2 ? Long.parseLong(text.substring(2)) : 0;
          RowKind kind = text.charAt(1) == '-' ? RowKind.DELETE : RowKind.INSERT;
          Change change =
              new Change(kind, each.steps, Row.of(Long.toString(version), (int) version), version);
          (text.charAt(0) == 'O'
                  ? (text.charAt(1) == '!' ? ended : ours)
                  : text.charAt(1) == '~' ? half : text.length() == 2 ? newest : stockAt)
              .add(change);
        }
      }
      sql.writeOurs("ours", ours);
      sql.writeStock("stock_at", FIELDS, true, stockAt);
      sql.writeStock("half_at", HALF, true, half);
      sql.writeStock("stock", FIELDS, false, newest);
      sql.writeOursThatHaveEnded("ours_ended", ended);
      if (compact) {
        sql.compact();
      }
    }
    Map<String, String> seenByUs = new TreeMap<>();
    Map<String, String> seenByStock = new TreeMap<>();
    for (Case each : cases) {
      seenByUs.put(each.steps, each.ours);
      seenByStock.put(each.steps, each.stock);
    }
    assertThat(seen(sql.scanOurs("ours"), cases)).as("scanned by us").isEqualTo(seenByUs);
    assertThat(seen(sql.lookUpOurs("ours", seenByUs.keySet()), cases))
        .as("looked up by us")
        .isEqualTo(seenByUs);
    assertThat(seen(sql.scanStock("stock"), cases))
        .as("scanned by the stock connector")
        .isEqualTo(seenByStock);
  }

  private static Map<String, String> seen(Map<String, Row> rows, Case... cases) {
    Map<String, String> seen = new TreeMap<>();
    for (Case each : cases) {
      Row row = rows.get(each.steps);
      seen.put(each.steps, row == null ? NONE : row.getField(0) + " " + row.getField(1));
    }
    return seen;
  }
}
