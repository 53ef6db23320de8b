// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.record;

import org.jspecify.annotations.Nullable;

/**
 * A change of a {@code dim_user} row. It states the columns again, because this module does not
 * depend on the jobs and their SQL. ChangeMessagesTest of the comparison holds the two together.
 *
 * @param country null if unknown, and in a delete
 * @param level null if unknown, and in a delete
 * @param version epoch milliseconds, strictly increasing per user
 * @param timeMillis time of the change in epoch milliseconds; not part of the message
 */
public record UserChange(
    ChangeOp op,
    String userId,
    @Nullable String country,
    @Nullable Integer level,
    long version,
    long timeMillis)
    implements StreamRecord {

  /** Rejects a delete that carries values, a negative version and a time out of range. */
  public UserChange {
    if (op == ChangeOp.DELETE && (country != null || level != null)) {
      throw new IllegalArgumentException("a delete carries no values: user " + userId);
    }
    if (version < 0) {
      throw new IllegalArgumentException("negative version of user " + userId);
    }
    EventTimes.requireInRange(timeMillis);
  }

  /** Returns a change that replaces the row with these values. */
  public static UserChange upsert(
      String userId,
      @Nullable String country,
      @Nullable Integer level,
      long version,
      long timeMillis) {
    return new UserChange(ChangeOp.UPSERT, userId, country, level, version, timeMillis);
  }

  /** Returns a change that deletes the row. */
  public static UserChange delete(String userId, long version, long timeMillis) {
    return new UserChange(ChangeOp.DELETE, userId, null, null, version, timeMillis);
  }

  @Override
  public String key() {
    return userId;
  }
}
