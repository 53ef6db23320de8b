package io.dimstore.events;

import org.jspecify.annotations.Nullable;

/**
 * A change of a {@code dim_item} row.
 *
 * @param title null where it is not known, and in a delete
 * @param category null where it is not known, and in a delete
 * @param listPrice in minor units; null where it is not known, and in a delete
 * @param version epoch milliseconds that rise strictly per item
 * @param timeMillis when it happened; not part of the message
 */
public record ItemChange(
    ChangeOp op,
    String itemId,
    @Nullable String title,
    @Nullable String category,
    @Nullable Long listPrice,
    long version,
    long timeMillis)
    implements StreamRecord {

  /** Refuses a delete that carries values, a negative version and a time out of range. */
  public ItemChange {
    if (op == ChangeOp.DELETE && (title != null || category != null || listPrice != null)) {
      throw new IllegalArgumentException("a delete carries no values: item " + itemId);
    }
    if (version < 0) {
      throw new IllegalArgumentException("negative version of item " + itemId);
    }
    EventTimes.requireInRange(timeMillis);
  }

  /** The row is now this. */
  public static ItemChange upsert(
      String itemId,
      @Nullable String title,
      @Nullable String category,
      @Nullable Long listPrice,
      long version,
      long timeMillis) {
    return new ItemChange(ChangeOp.UPSERT, itemId, title, category, listPrice, version, timeMillis);
  }

  /** The row is gone. */
  public static ItemChange delete(String itemId, long version, long timeMillis) {
    return new ItemChange(ChangeOp.DELETE, itemId, null, null, null, version, timeMillis);
  }

  @Override
  public String key() {
    return itemId;
  }
}
