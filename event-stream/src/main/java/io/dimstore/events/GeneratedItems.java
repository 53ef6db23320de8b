package io.dimstore.events;

import org.jspecify.annotations.Nullable;

/** The items of one run of the generator: what they cost, what rows they have, how both change. */
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

  /** An item ahead of an event: what it is, and how its row changes before that, if it does. */
  record Sight(String id, long price, @Nullable ItemChange change) {}

  /** What an event of that time finds. */
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

  /** Another price and category. The price also exists where the row does not tell it. */
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
