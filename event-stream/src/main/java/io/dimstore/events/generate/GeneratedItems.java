// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.generate;

import io.dimstore.events.record.ItemChange;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the state of each item during one run of the generator and draws the changes of its row.
 */
final class GeneratedItems {

  private static final String[] KINDS = {
    "plain", "small", "large", "\"vintage\"", "red, white & blue", "grün", "hand-made", "7\" round"
  };
  private static final String[] THINGS = {
    "teapot", "lantern", "cushion", "clock", "café sign", "notebook", "bag", "mug", "candle", "茶碗"
  };
  private static final String[] CATEGORIES = {
    "kitchen", "garden", "home", "office", "toys & games", "fashion"
  };
  private static final int LOWEST_PRICE = 49;
  private static final int PRICES = 20_000;

  private static final class Item {
    final String id;
    final String title;
    long price;
    long version = -1;
    boolean deleted;

    Item(String id, String title) {
      this.id = id;
      this.title = title;
    }
  }

  private final @Nullable Item[] items;
  private final KeyDraw keys;
  private final GeneratorOptions.Changes changes;
  private final SplitMix64 random;

  GeneratedItems(int count, KeyDraw keys, GeneratorOptions.Changes changes, SplitMix64 random) {
    this.items = new Item[count];
    this.keys = keys;
    this.changes = changes;
    this.random = random;
  }

  /**
   * An item at the time of the next event, and the change of its row that comes before this event,
   * or null.
   */
  record Sight(String id, long price, @Nullable ItemChange change) {}

  /**
   * Returns the item at the time of an event. If a change of its row is drawn, the change comes
   * first.
   */
  Sight beforeEvent(int number, long time) {
    Item item = items[number];
    ItemChange change = null;
    if (item == null) {
      String id = keys.name(number);
      String title = KINDS[random.below(KINDS.length)] + " " + THINGS[random.below(THINGS.length)];
      item = new Item(id, title + " " + id);
      items[number] = item;
      change = redraw(item, time);
    } else if (random.chance(changes.share())) {
      change = change(item, time);
    }
    return new Sight(item.id, item.price, change);
  }

  private ItemChange change(Item item, long time) {
    if (!item.deleted && random.chance(changes.deletes())) {
      item.deleted = true;
      item.version = Math.max(time, item.version + 1);
      return ItemChange.delete(item.id, item.version, time);
    }
    return redraw(item, time);
  }

  /** Draws a new price and category. The item has a price even if its row's list price is null. */
  private ItemChange redraw(Item item, long time) {
    String category =
        random.chance(changes.nulls()) ? null : CATEGORIES[random.below(CATEGORIES.length)];
    item.price = LOWEST_PRICE + (long) random.below(PRICES) * random.below(PRICES) / PRICES;
    Long listPrice = random.chance(changes.nulls()) ? null : Long.valueOf(item.price);
    item.deleted = false;
    item.version = Math.max(time, item.version + 1);
    return ItemChange.upsert(item.id, item.title, category, listPrice, item.version, time);
  }
}
