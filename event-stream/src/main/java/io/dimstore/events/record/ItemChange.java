// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.record;

import org.jspecify.annotations.Nullable;

/**
 * A change of a {@code dim_item} row. Its columns repeat those of the file {@code dim-item.sql},
 * because this module does not depend on the jobs. A test of the comparison, {@code
 * ChangeMessagesTest}, checks that they are the same.
 *
 * @param title null if unknown, and in a delete
 * @param category null if unknown, and in a delete
 * @param listPrice in minor units; null if unknown, and in a delete
 * @param version epoch milliseconds, strictly increasing per item
 * @param timeMillis time of the change in epoch milliseconds; not part of the message
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

  /** Rejects a delete that carries values, a negative version and a time out of range. */
  public ItemChange {
    if (op == ChangeOp.DELETE && (title != null || category != null || listPrice != null)) {
      throw new IllegalArgumentException("a delete carries no values: item " + itemId);
    }
    if (version < 0) {
      throw new IllegalArgumentException("negative version of item " + itemId);
    }
    EventTimes.requireInRange(timeMillis);
  }

  /** Returns a change that replaces the row with these values. */
  public static ItemChange upsert(
      String itemId,
      @Nullable String title,
      @Nullable String category,
      @Nullable Long listPrice,
      long version,
      long timeMillis) {
    return new ItemChange(ChangeOp.UPSERT, itemId, title, category, listPrice, version, timeMillis);
  }

  /** Returns a change that deletes the row. */
  public static ItemChange delete(String itemId, long version, long timeMillis) {
    return new ItemChange(ChangeOp.DELETE, itemId, null, null, null, version, timeMillis);
  }

  @Override
  public String key() {
    return itemId;
  }
}
