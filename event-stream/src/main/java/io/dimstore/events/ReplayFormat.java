package io.dimstore.events;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The shapes of files that can be replayed; {@code docs/event-stream.md} has each mapping. */
public enum ReplayFormat {
  /** Order lines of a web shop, as in the "Online Retail" set of the UCI repository. */
  ONLINE_RETAIL("online-retail"),
  /** User, item, category, behaviour and epoch seconds, as in the Tmall and Taobao sets. */
  USER_BEHAVIOR("user-behavior");

  private final String id;

  ReplayFormat(String id) {
    this.id = id;
  }

  /** What an option calls it. */
  public String id() {
    return id;
  }

  LineMapping newMapping() {
    return switch (this) {
      case ONLINE_RETAIL -> new OnlineRetailMapping();
      case USER_BEHAVIOR -> new UserBehaviorMapping();
    };
  }

  /**
   * The format of that name.
   *
   * @throws IllegalArgumentException naming the formats that there are
   */
  public static ReplayFormat of(String id) {
    return Arrays.stream(values())
        .filter(format -> format.id.equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'"
                        + id
                        + "' is not a format; there is "
                        + Arrays.stream(values())
                            .map(ReplayFormat::id)
                            .collect(Collectors.joining(", "))));
  }

  @Override
  public String toString() {
    return id;
  }
}
