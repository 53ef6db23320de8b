// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dimstore.features.lookback.RandomEvents;
import io.dimstore.features.oracle.FeatureOracle;
import io.dimstore.features.oracle.OracleEvent;
import io.dimstore.features.oracle.OracleItem;
import io.dimstore.features.oracle.OracleRow;
import io.dimstore.features.oracle.OracleSink;
import io.dimstore.features.oracle.OracleUser;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Seeded events with dimensions, and the output that the whole job must produce from them. */
public final class PipelineInput implements OracleSink {

  final List<OracleEvent> events;
  final Map<String, OracleUser> users = new HashMap<>();
  final Map<String, OracleItem> items = new HashMap<>();
  final Map<String, String> risk = new TreeMap<>();
  final Map<String, String> marketing = new TreeMap<>();
  final Set<String> tooLate = new TreeSet<>();
  final Map<String, OracleRow> onlineRisk;
  final Map<String, OracleRow> onlineMarketing;

  PipelineInput(long seed, int count) {
    events = RandomEvents.of(seed, count, 40, 60, 300_000);
    makeDimensions();
    FeatureOracle oracle = new FeatureOracle(users, items, Duration.ofDays(1));
    events.forEach(event -> oracle.accept(event, this));
    onlineRisk = oracle.onlineRisk();
    onlineMarketing = oracle.onlineMarketing();
  }

  @Override
  public void features(OracleEvent event, OracleRow riskRow, OracleRow marketingRow) {
    risk.put(event.eventId(), riskRow.json());
    marketing.put(event.eventId(), marketingRow.json());
  }

  @Override
  public void tooLate(OracleEvent event) {
    tooLate.add(event.eventId());
  }

  public static byte[] json(OracleEvent e) {
    return ("{\"event_id\":\"%s\",\"user_id\":\"%s\",\"item_id\":\"%s\",\"event_type\":\"%s\","
            + "\"quantity\":%d,\"amount\":%d,\"event_time\":\"%s\"}")
        .formatted(
            e.eventId(),
            e.userId(),
            e.itemId(),
            e.type(),
            e.quantity(),
            e.amount(),
            Instant.ofEpochMilli(e.time()))
        .getBytes(UTF_8);
  }

  /** Rows of every kind: whole, with nulls, and missing. */
  private void makeDimensions() {
    String[] countries = {"United Kingdom", "France", null};
    for (int i = 0; i < 40; i++) {
      if (i % 5 != 4) {
        users.put("u" + i, new OracleUser(countries[i % 3], i % 4 == 3 ? null : i % 4));
      }
    }
    for (int i = 0; i < 60; i++) {
      if (i % 7 != 6) {
        Long price = i % 6 == 5 ? null : 1_000L * i;
        items.put(
            "item-" + i, new OracleItem("Title \u00e9 \"" + i, i % 4 == 3 ? null : "c" + i, price));
      }
    }
  }
}
