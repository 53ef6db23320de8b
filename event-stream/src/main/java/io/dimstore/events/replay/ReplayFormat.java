// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.replay;

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

  /** Returns the format's name in options. */
  public String id() {
    return id;
  }

  LineMapping newMapping() {
    return switch (this) {
      case ONLINE_RETAIL -> new OnlineRetailMapping();
      case USER_BEHAVIOR -> new UserBehaviorMapping();
    };
  }

  @Override
  public String toString() {
    return id;
  }
}
