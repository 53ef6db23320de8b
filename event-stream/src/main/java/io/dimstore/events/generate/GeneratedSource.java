// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.generate;

import io.dimstore.events.input.RecordSource;
import io.dimstore.events.record.Event;
import io.dimstore.events.record.EventType;
import io.dimstore.events.record.StreamRecord;
import io.dimstore.events.record.UserChange;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Generates the records of one run. Each kind of draw uses its own random sequence. Another share
 * of late events, for instance, therefore leaves users, items and types unchanged.
 */
final class GeneratedSource implements RecordSource {

  /**
   * Shares of event types among the events that are not returns, in percent. The rest are
   * purchases.
   */
  private static final int VIEWS = 68;

  private static final int CARTS = 14;
  private static final int FAVORITES = 6;
  private static final int MOST_PIECES = 5;

  private final GeneratorOptions options;
  private final KeyDraw userKeys;
  private final KeyDraw itemKeys;
  private final GeneratedUsers users;
  private final GeneratedItems items;
  private final GeneratedTime time;
  private final SplitMix64 userDraws;
  private final SplitMix64 itemDraws;
  private final SplitMix64 typeDraws;
  private long made;
  private int lastUser;

  GeneratedSource(GeneratorOptions options) {
    this.options = options;
    long seed = options.seed();
    GeneratorOptions.Keys keys = options.keys();
    this.userKeys = new KeyDraw("u", keys.users(), keys.userZipf(), SplitMix64.forPurpose(seed, 1));
    this.itemKeys = new KeyDraw("i", keys.items(), keys.itemZipf(), SplitMix64.forPurpose(seed, 2));
    this.users =
        new GeneratedUsers(
            keys.users(), userKeys, options.changes(), SplitMix64.forPurpose(seed, 3));
    this.items =
        new GeneratedItems(
            keys.items(), itemKeys, options.changes(), SplitMix64.forPurpose(seed, 4));
    this.time = new GeneratedTime(options.times(), SplitMix64.forPurpose(seed, 5));
    this.userDraws = SplitMix64.forPurpose(seed, 6);
    this.itemDraws = SplitMix64.forPurpose(seed, 7);
    this.typeDraws = SplitMix64.forPurpose(seed, 8);
  }

  @Override
  public boolean next(Consumer<StreamRecord> out) {
    if (made == options.count()) {
      return false;
    }
    made++;
    int user = userKeys.draw(userDraws);
    int item = itemKeys.draw(itemDraws);
    time.advance();
    if (time.isTie()) {
      user = lastUser;
    }
    lastUser = user;

    UserChange userChange = users.beforeEvent(user, time.newest());
    if (userChange != null) {
      out.accept(userChange);
    }
    GeneratedItems.Sight sight = items.beforeEvent(item, time.newest());
    if (sight.change() != null) {
      out.accept(sight.change());
    }
    out.accept(event(users.id(user), sight));
    return true;
  }

  /**
   * Creates an event. Carts, purchases and returns have a quantity and an amount. A view or
   * favourite has quantity 1 and amount 0.
   */
  private Event event(String userId, GeneratedItems.Sight item) {
    EventType type = type();
    int pieces = 1 + typeDraws.below(MOST_PIECES);
    boolean looking = type == EventType.VIEW || type == EventType.FAVORITE;
    int quantity = looking ? 1 : pieces;
    return new Event(
        options.seed() + "-" + made,
        userId,
        item.id(),
        type,
        quantity,
        looking ? 0 : quantity * item.price(),
        time.current());
  }

  private EventType type() {
    boolean returned = typeDraws.chance(options.returns());
    int other = typeDraws.below(100);
    if (returned) {
      return EventType.RETURN;
    } else if (other < VIEWS) {
      return EventType.VIEW;
    } else if (other < VIEWS + CARTS) {
      return EventType.CART;
    } else if (other < VIEWS + CARTS + FAVORITES) {
      return EventType.FAVORITE;
    } else {
      return EventType.BUY;
    }
  }

  @Override
  public long linesRead() {
    return made;
  }

  @Override
  public Map<String, Long> refused() {
    return Map.of();
  }

  @Override
  public String position() {
    return "generated event " + made;
  }

  @Override
  public void close() {
    // The generator holds no resources.
  }
}
