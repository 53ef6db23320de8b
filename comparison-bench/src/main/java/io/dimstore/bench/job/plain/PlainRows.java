// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.job.plain;

import io.dimstore.events.record.JsonBuffer;
import io.dimstore.features.input.EventKind;
import io.dimstore.features.input.ParsedEvent;
import io.dimstore.features.lookback.LookBackTable;
import io.dimstore.features.rules.CustomerTier;
import io.dimstore.features.rules.Offer;
import io.dimstore.features.rules.PriceDeviationBp;
import io.dimstore.features.rules.ReturnRatioBp;
import io.dimstore.features.rules.RfmScore;
import io.dimstore.features.rules.RiskDecision;
import io.dimstore.features.rules.RiskScore;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Computes the two rows of an event as the SQL files of the feature job do, and encodes them as
 * Flink's JSON format does. Not thread-safe.
 */
final class PlainRows {

  private static final int MINUTE = 0;
  private static final int HOUR = 1;
  private static final int MONTH = LookBackTable.WINDOWS - 1;

  private static final String[] EVENTS = names("events");
  private static final String[] BUYS = names("buys");
  private static final String[] SPEND = names("spend");
  private static final String[] RETURNED = names("returned");
  private static final String[] ITEMS = names("items");
  private static final String[] RETURN_RATIOS = names("return_ratio_bp");

  private final ReturnRatioBp returnRatio = new ReturnRatioBp();
  private final PriceDeviationBp priceDeviation = new PriceDeviationBp();
  private final RiskScore riskScore = new RiskScore();
  private final RiskDecision riskDecision = new RiskDecision();
  private final RfmScore rfmScore = new RfmScore();
  private final CustomerTier customerTier = new CustomerTier();
  private final Offer offer = new Offer();
  private final JsonBuffer json = new JsonBuffer();

  private static String[] names(String aggregate) {
    return new String[] {
      ",\"" + aggregate + "_1m\":",
      ",\"" + aggregate + "_1h\":",
      ",\"" + aggregate + "_24h\":",
      ",\"" + aggregate + "_30d\":"
    };
  }

  /** Returns the row of risk control. */
  byte[] risk(
      ParsedEvent event,
      LookBackTable last,
      PlainDimensions.@Nullable User user,
      PlainDimensions.@Nullable Item item) {
    begin(event);
    json.ascii(",\"quantity\":").number(event.quantity());
    json.ascii(",\"amount\":").number(event.amount());
    dimensions(event, user, item);
    windows(EVENTS, last::events);
    windows(SPEND, last::spend);
    windows(ITEMS, last::items);
    windows(RETURN_RATIOS, w -> ratio(last, w));
    Long deviation =
        priceDeviation.eval(
            event.kind().text(),
            event.quantity(),
            event.amount(),
            item == null ? null : item.listPrice());
    Integer score =
        riskScore.eval(
            event.kind().text(),
            last.events(MINUTE),
            last.spend(HOUR),
            last.buys(MONTH),
            last.returns(MONTH),
            deviation,
            user != null,
            item != null,
            user == null ? null : user.level());
    json.ascii(",\"price_deviation_bp\":").number(deviation);
    json.ascii(",\"risk_score\":").number(score);
    json.ascii(",\"decision\":").text(riskDecision.eval(score));
    return json.ascii("}").copy();
  }

  /** Returns the row of marketing. */
  byte[] marketing(
      ParsedEvent event,
      LookBackTable last,
      PlainDimensions.@Nullable User user,
      PlainDimensions.@Nullable Item item) {
    begin(event);
    dimensions(event, user, item);
    windows(BUYS, last::buys);
    windows(SPEND, last::spend);
    windows(RETURNED, last::returned);
    windows(ITEMS, last::items);
    windows(RETURN_RATIOS, w -> ratio(last, w));
    Integer rfm =
        rfmScore.eval(last.spend(MONTH), last.returned(MONTH), last.buys(MONTH), last.items(MONTH));
    String tier = customerTier.eval(rfm);
    json.ascii(",\"rfm_score\":").number(rfm);
    json.ascii(",\"tier\":").text(tier);
    json.ascii(",\"offer\":")
        .text(
            offer.eval(
                event.kind().text(),
                tier,
                user != null,
                user == null ? null : user.country(),
                user == null ? null : user.level()));
    return json.ascii("}").copy();
  }

  private void begin(ParsedEvent event) {
    EventKind kind = event.kind();
    json.clear();
    json.ascii("{\"event_id\":").text(event.eventId());
    json.ascii(",\"user_id\":").text(event.userId());
    json.ascii(",\"item_id\":").text(event.itemId());
    json.ascii(",\"event_type\":").text(kind.text());
  }

  private void dimensions(
      ParsedEvent event, PlainDimensions.@Nullable User user, PlainDimensions.@Nullable Item item) {
    json.ascii(",\"event_time\":").shortTime(event.timeMillis());
    json.ascii(",\"user_known\":").bool(user != null);
    json.ascii(",\"item_known\":").bool(item != null);
    json.ascii(",\"country\":").text(user == null ? null : user.country());
    json.ascii(",\"level\":").number(user == null ? null : user.level());
    json.ascii(",\"category\":").text(item == null ? null : item.category());
    json.ascii(",\"list_price\":").number(item == null ? null : item.listPrice());
  }

  private void windows(String[] names, IntToLongFunction values) {
    for (int w = 0; w < LookBackTable.WINDOWS; w++) {
      json.ascii(names[w]).number(values.applyAsLong(w));
    }
  }

  private long ratio(LookBackTable last, int window) {
    Long ratio = returnRatio.eval(last.returns(window), last.buys(window));
    return ratio == null ? 0 : ratio;
  }
}
