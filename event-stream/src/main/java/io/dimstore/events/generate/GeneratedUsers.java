// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.generate;

import io.dimstore.events.record.UserChange;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the state of each user during one run of the generator and draws the changes of its row.
 */
final class GeneratedUsers {

  private static final String[] COUNTRIES = {
    "Argentina",
    "Brazil",
    "Côte d'Ivoire",
    "Deutschland",
    "España",
    "France",
    "India",
    "Japan",
    "Nigeria",
    "South Korea",
    "United Kingdom",
    "United States",
    "Việt Nam",
    "中国"
  };
  private static final int LEVELS = 5;

  private static final class User {
    final String id;
    final boolean rowless;
    long version = -1;
    boolean deleted;

    User(String id, boolean rowless) {
      this.id = id;
      this.rowless = rowless;
    }
  }

  private final @Nullable User[] users;
  private final KeyDraw keys;
  private final GeneratorOptions.Changes changes;
  private final SplitMix64 random;

  GeneratedUsers(int count, KeyDraw keys, GeneratorOptions.Changes changes, SplitMix64 random) {
    this.users = new User[count];
    this.keys = keys;
    this.changes = changes;
    this.random = random;
  }

  String id(int number) {
    User user = users[number];
    return user == null ? keys.name(number) : user.id;
  }

  /** Returns the change of this user's row before an event of the user at this time, or null. */
  @Nullable UserChange beforeEvent(int number, long time) {
    User user = users[number];
    if (user == null) {
      user = new User(keys.name(number), random.chance(changes.rowless()));
      users[number] = user;
      return user.rowless ? null : redraw(user, time);
    }
    if (user.rowless || !random.chance(changes.share())) {
      return null;
    }
    if (!user.deleted && random.chance(changes.deletes())) {
      user.deleted = true;
      user.version = Math.max(time, user.version + 1);
      return UserChange.delete(user.id, user.version, time);
    }
    return redraw(user, time);
  }

  /** Draws new values. They may equal the old ones, since real sources also send unchanged rows. */
  private UserChange redraw(User user, long time) {
    String country =
        random.chance(changes.nulls()) ? null : COUNTRIES[random.below(COUNTRIES.length)];
    Integer level =
        random.chance(changes.nulls()) ? null : Integer.valueOf(1 + random.below(LEVELS));
    user.deleted = false;
    user.version = Math.max(time, user.version + 1);
    return UserChange.upsert(user.id, country, level, user.version, time);
  }
}
