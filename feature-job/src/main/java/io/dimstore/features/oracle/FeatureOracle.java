// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.oracle;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Computes the expected results by brute force: for each event it reads every earlier event of the
 * same user.
 *
 * <p>It keeps all events in memory. Its running time grows with the square of the number of events
 * per user. Not thread-safe.
 */
public final class FeatureOracle {

  /** Columns of the online risk table, in order; {@code user_id} is the key. */
  public static final List<String> ONLINE_RISK =
      List.of(
          "user_id",
          "event_id",
          "event_time",
          "events_1m",
          "events_1h",
          "events_24h",
          "events_30d",
          "spend_24h",
          "spend_30d",
          "return_ratio_bp_30d",
          "risk_score",
          "decision");

  /** Columns of the online marketing table, in order; {@code user_id} is the key. */
  public static final List<String> ONLINE_MARKETING =
      List.of(
          "user_id",
          "event_id",
          "event_time",
          "country",
          "buys_30d",
          "spend_30d",
          "items_30d",
          "rfm_score",
          "tier",
          "offer");

  private final Map<String, OracleUser> users;
  private final Map<String, OracleItem> items;
  private final long lateness;
  private final Map<String, List<OracleEvent>> arrived = new HashMap<>();
  private final Map<String, Long> newest = new HashMap<>();
  private final Map<String, OracleRow> onlineRisk = new HashMap<>();
  private final Map<String, OracleRow> onlineMarketing = new HashMap<>();

  /**
   * Creates an oracle without events.
   *
   * @param users the rows of dim_user by key, unchanged during all lookups
   * @param items the rows of dim_item by key, unchanged during all lookups
   * @param lateness the job's allowed lateness
   */
  public FeatureOracle(
      Map<String, OracleUser> users, Map<String, OracleItem> items, Duration lateness) {
    this.users = Map.copyOf(users);
    this.items = Map.copyOf(items);
    this.lateness = lateness.toMillis();
  }

  /**
   * Processes the next event. The events of one user must be passed in the order of their arrival.
   * Events of different users may be passed in any order.
   */
  public void accept(OracleEvent event, OracleSink sink) {
    Long latest = newest.get(event.userId());
    if (latest != null && latest - event.time() > lateness) {
      sink.tooLate(event);
      return;
    }
    boolean isNewest = latest == null || event.time() >= latest;
    if (isNewest) {
      newest.put(event.userId(), event.time());
    }
    List<OracleEvent> all = arrived.computeIfAbsent(event.userId(), user -> new ArrayList<>());
    all.add(event);
    List<OracleWindow> windows =
        List.of(
            new OracleWindow("1m", 60_000L),
            new OracleWindow("1h", 3_600_000L),
            new OracleWindow("24h", 86_400_000L),
            new OracleWindow("30d", 2_592_000_000L));
    for (OracleEvent candidate : all) {
      windows.forEach(window -> window.look(candidate, event.time()));
    }
    OracleUser user = users.get(event.userId());
    OracleItem item = items.get(event.itemId());
    OracleRow risk = risk(event, windows, user, item);
    OracleRow marketing = marketing(event, windows, user, item);
    if (isNewest) {
      onlineRisk.put(event.userId(), risk.select(ONLINE_RISK));
      onlineMarketing.put(event.userId(), marketing.select(ONLINE_MARKETING));
    }
    sink.features(event, risk, marketing);
  }

  /** Returns the row that each user must have in the online risk table after the events so far. */
  public Map<String, OracleRow> onlineRisk() {
    return Map.copyOf(onlineRisk);
  }

  /**
   * Returns the row that each user must have in the online marketing table after the events so far.
   */
  public Map<String, OracleRow> onlineMarketing() {
    return Map.copyOf(onlineMarketing);
  }

  private static OracleRow risk(
      OracleEvent e,
      List<OracleWindow> windows,
      @Nullable OracleUser user,
      @Nullable OracleItem item) {
    OracleRow row =
        new OracleRow()
            .with("event_id", e.eventId())
            .with("user_id", e.userId())
            .with("item_id", e.itemId())
            .with("event_type", e.type())
            .with("quantity", e.quantity())
            .with("amount", e.amount())
            .with("event_time", Instant.ofEpochMilli(e.time()));
    dimensions(row, user, item);
    windows.forEach(w -> row.with("events_" + w.name, w.events));
    windows.forEach(w -> row.with("spend_" + w.name, w.spend));
    windows.forEach(w -> row.with("items_" + w.name, (long) w.items.size()));
    windows.forEach(w -> row.with("return_ratio_bp_" + w.name, w.returnRatio()));
    Long deviation = OracleRules.priceDeviation(e, item == null ? null : item.listPrice());
    int score =
        OracleRules.riskScore(
            e,
            windows.get(0),
            windows.get(1),
            windows.get(3),
            deviation,
            user != null,
            item != null,
            user == null ? null : user.level());
    return row.with("price_deviation_bp", deviation)
        .with("risk_score", score)
        .with("decision", OracleRules.decision(score));
  }

  private static OracleRow marketing(
      OracleEvent e,
      List<OracleWindow> windows,
      @Nullable OracleUser user,
      @Nullable OracleItem item) {
    OracleRow row =
        new OracleRow()
            .with("event_id", e.eventId())
            .with("user_id", e.userId())
            .with("item_id", e.itemId())
            .with("event_type", e.type())
            .with("event_time", Instant.ofEpochMilli(e.time()));
    dimensions(row, user, item);
    windows.forEach(w -> row.with("buys_" + w.name, w.buys));
    windows.forEach(w -> row.with("spend_" + w.name, w.spend));
    windows.forEach(w -> row.with("returned_" + w.name, w.returned));
    windows.forEach(w -> row.with("items_" + w.name, (long) w.items.size()));
    windows.forEach(w -> row.with("return_ratio_bp_" + w.name, w.returnRatio()));
    int rfm = OracleRules.rfm(windows.get(3));
    String tier = OracleRules.tier(rfm);
    return row.with("rfm_score", rfm)
        .with("tier", tier)
        .with("offer", OracleRules.offer(e, tier, user));
  }

  private static void dimensions(
      OracleRow row, @Nullable OracleUser user, @Nullable OracleItem item) {
    row.with("user_known", user != null)
        .with("item_known", item != null)
        .with("country", user == null ? null : user.country())
        .with("level", user == null ? null : user.level())
        .with("category", item == null ? null : item.category())
        .with("list_price", item == null ? null : item.listPrice());
  }
}
