package io.dimstore.events;

import org.jspecify.annotations.Nullable;

/**
 * A change of a {@code dim_user} row.
 *
 * @param country null where it is not known, and in a delete
 * @param level null where it is not known, and in a delete
 * @param version epoch milliseconds that rise strictly per user
 * @param timeMillis when it happened; not part of the message
 */
public record UserChange(
    ChangeOp op,
    String userId,
    @Nullable String country,
    @Nullable Integer level,
    long version,
    long timeMillis)
    implements StreamRecord {

  /** Refuses a delete that carries values, a negative version and a time out of range. */
  public UserChange {
    if (op == ChangeOp.DELETE && (country != null || level != null)) {
      throw new IllegalArgumentException("a delete carries no values: user " + userId);
    }
    if (version < 0) {
      throw new IllegalArgumentException("negative version of user " + userId);
    }
    EventTimes.requireInRange(timeMillis);
  }

  /** The row is now this. */
  public static UserChange upsert(
      String userId,
      @Nullable String country,
      @Nullable Integer level,
      long version,
      long timeMillis) {
    return new UserChange(ChangeOp.UPSERT, userId, country, level, version, timeMillis);
  }

  /** The row is gone. */
  public static UserChange delete(String userId, long version, long timeMillis) {
    return new UserChange(ChangeOp.DELETE, userId, null, null, version, timeMillis);
  }

  @Override
  public String key() {
    return userId;
  }
}
