// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.replay;

import io.dimstore.events.record.Event;
import io.dimstore.events.record.EventTimes;
import io.dimstore.events.record.EventType;
import io.dimstore.events.record.ItemChange;
import io.dimstore.events.record.StreamRecord;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Maps the behaviour of shoppers: user, item, category, behaviour (pv, fav, cart, buy), epoch
 * seconds. The format has no prices, so amounts are 0 and list prices null. It has no attributes of
 * users, so no {@code dim_user} row changes. The category is not a field of an event. If it is
 * empty, the dimension row has a null. A header line is recognised by the name of its last column.
 */
final class UserBehaviorMapping implements LineMapping {

  private static final int COLUMNS = 5;
  private static final Set<String> TIME_COLUMNS =
      Set.of("timestamp", "time_stamp", "time", "ts", "event_time");
  private static final long MAX_SECONDS = EventTimes.MAX / 1000;

  private record ItemRow(@Nullable String category) {}

  private final RowHistory<ItemRow> items = new RowHistory<>();

  @Override
  public int fields() {
    return COLUMNS;
  }

  @Override
  public @Nullable String requiredHeader() {
    return null;
  }

  @Override
  public boolean isHeader(String firstLine) {
    try {
      String last = CsvLine.split(firstLine, COLUMNS).get(COLUMNS - 1);
      return TIME_COLUMNS.contains(last.toLowerCase(Locale.ROOT));
    } catch (Refusal e) {
      return false;
    }
  }

  @Override
  public void map(long line, List<String> fields, Consumer<StreamRecord> out) throws Refusal {
    String userId = FieldParser.required(fields.get(0), "user");
    String itemId = FieldParser.required(fields.get(1), "item");
    String category = FieldParser.optional(fields.get(2));
    EventType type = type(FieldParser.required(fields.get(3), "behavior"));
    long seconds = FieldParser.longInteger(fields.get(4), "timestamp");
    if (seconds < 0 || seconds > MAX_SECONDS) {
      throw new Refusal(Refusal.IMPOSSIBLE_TIME);
    }
    long time = seconds * 1000;

    long version = items.record(itemId, new ItemRow(category), time);
    if (version != RowHistory.UNCHANGED) {
      out.accept(ItemChange.upsert(itemId, null, category, null, version, time));
    }
    out.accept(new Event(Long.toString(line), userId, itemId, type, 1, 0, time));
  }

  private static EventType type(String behavior) throws Refusal {
    return switch (behavior) {
      case "pv" -> EventType.VIEW;
      case "fav" -> EventType.FAVORITE;
      case "cart" -> EventType.CART;
      case "buy" -> EventType.BUY;
      default -> throw Refusal.unreadable("behavior");
    };
  }
}
