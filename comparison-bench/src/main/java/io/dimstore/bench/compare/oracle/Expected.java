// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.oracle;

import io.dimstore.bench.compare.oracle.InputData.Encoded;
import io.dimstore.cli.Progress;
import io.dimstore.events.record.ChangeOp;
import io.dimstore.events.record.ItemChange;
import io.dimstore.events.record.UserChange;
import io.dimstore.features.oracle.FeatureOracle;
import io.dimstore.features.oracle.OracleEvent;
import io.dimstore.features.oracle.OracleItem;
import io.dimstore.features.oracle.OracleRow;
import io.dimstore.features.oracle.OracleSink;
import io.dimstore.features.oracle.OracleUser;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The results that the oracle expects, computed once for all arms. Feature rows are kept by event
 * as the exact bytes expected in Kafka. Online rows are kept by user.
 *
 * @param userRows number of users that have a dimension row at the end
 * @param itemRows number of items that have a dimension row at the end
 * @param lookupsFound number of lookups that must find a row; there are two lookups per event
 */
public record Expected(
    Map<String, byte[]> risk,
    Map<String, byte[]> marketing,
    Map<String, OracleRow> onlineRisk,
    Map<String, OracleRow> onlineMarketing,
    long userRows,
    long itemRows,
    long lookupsFound,
    long tooLate) {

  public static Expected of(InputData input, Duration lateness, Progress progress) {
    Map<String, OracleUser> users = users(input.changes());
    Map<String, OracleItem> items = items(input.changes());
    FeatureOracle oracle = new FeatureOracle(users, items, lateness);
    int size = input.events().size();
    Collector collector = new Collector(size);
    int done = 0;
    for (Encoded event : input.events()) {
      oracle.accept(OracleEvent.fromJson(event.value()), collector);
      progress.update("oracle", ++done, size);
    }
    return new Expected(
        collector.risk,
        collector.marketing,
        oracle.onlineRisk(),
        oracle.onlineMarketing(),
        users.size(),
        items.size(),
        collector.found,
        collector.tooLate);
  }

  /**
   * Returns the newest version per key. In the input the versions of a key strictly increase, so no
   * two are equal.
   */
  private static Map<String, OracleUser> users(List<Encoded> changes) {
    Map<String, UserChange> newest = new HashMap<>();
    for (Encoded change : changes) {
      if (change.record() instanceof UserChange user) {
        newest.merge(user.userId(), user, (a, b) -> b.version() > a.version() ? b : a);
      }
    }
    Map<String, OracleUser> rows = new HashMap<>();
    for (UserChange change : newest.values()) {
      if (change.op() == ChangeOp.UPSERT) {
        rows.put(change.userId(), new OracleUser(change.country(), change.level()));
      }
    }
    return rows;
  }

  private static Map<String, OracleItem> items(List<Encoded> changes) {
    Map<String, ItemChange> newest = new HashMap<>();
    for (Encoded change : changes) {
      if (change.record() instanceof ItemChange item) {
        newest.merge(item.itemId(), item, (a, b) -> b.version() > a.version() ? b : a);
      }
    }
    Map<String, OracleItem> rows = new HashMap<>();
    for (ItemChange change : newest.values()) {
      if (change.op() == ChangeOp.UPSERT) {
        rows.put(
            change.itemId(), new OracleItem(change.title(), change.category(), change.listPrice()));
      }
    }
    return rows;
  }

  private static final class Collector implements OracleSink {
    private final Map<String, byte[]> risk;
    private final Map<String, byte[]> marketing;
    private long found;
    private long tooLate;

    Collector(int size) {
      risk = new HashMap<>(size * 4 / 3 + 16);
      marketing = new HashMap<>(size * 4 / 3 + 16);
    }

    @Override
    public void features(OracleEvent event, OracleRow riskRow, OracleRow marketingRow) {
      risk.put(event.eventId(), riskRow.json().getBytes(StandardCharsets.UTF_8));
      marketing.put(event.eventId(), marketingRow.json().getBytes(StandardCharsets.UTF_8));
      found += Boolean.TRUE.equals(riskRow.get("user_known")) ? 1 : 0;
      found += Boolean.TRUE.equals(riskRow.get("item_known")) ? 1 : 0;
    }

    @Override
    public void tooLate(OracleEvent event) {
      tooLate++;
    }
  }
}
