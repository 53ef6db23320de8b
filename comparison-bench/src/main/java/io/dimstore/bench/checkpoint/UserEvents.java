// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.checkpoint;

import io.dimstore.bench.compare.oracle.InputData.Encoded;
import io.dimstore.events.record.Event;
import io.dimstore.events.record.EventType;
import io.dimstore.events.record.JsonEncoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Generates the events of a number of users. The same seed gives the same. Not thread-safe. */
final class UserEvents {

  private static final int ITEMS = 10_000;
  private static final EventType[] TYPES = EventType.values();

  private final JsonEncoder encoder = new JsonEncoder();
  private final SplittableRandom random;
  private final int users;
  private final int perUser;
  private final long startMillis;
  private long number;

  /**
   * Creates the generator.
   *
   * @param perUser number of events of each user in {@link #past}
   * @param startMillis the time of the first event after those
   */
  UserEvents(long seed, int users, int perUser, long startMillis) {
    this.random = new SplittableRandom(seed);
    this.users = users;
    this.perUser = perUser;
    this.startMillis = startMillis;
  }

  /** Returns the number of events that all users have together in the past. */
  long pastEvents() {
    return (long) users * perUser;
  }

  /** Returns some events of the past. Every user has one an hour, and the last is an hour ago. */
  List<Encoded> past(long from, int count) {
    List<Encoded> events = new ArrayList<>(count);
    for (long n = from; n < Math.min(pastEvents(), from + count); n++) {
      long hoursAgo = perUser - n / users;
      events.add(event((int) (n % users), startMillis - Duration.ofHours(1).toMillis() * hoursAgo));
    }
    return events;
  }

  /** Returns the next events of users that are drawn at random. */
  List<Encoded> next(int count) {
    List<Encoded> events = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      events.add(event(random.nextInt(users), startMillis));
    }
    return events;
  }

  private Encoded event(int user, long timeMillis) {
    Event event =
        new Event(
            "e-" + number++,
            "u-" + user,
            "i-" + random.nextInt(ITEMS),
            TYPES[random.nextInt(TYPES.length)],
            1 + random.nextInt(9),
            100L + random.nextInt(100_000),
            timeMillis);
    return new Encoded(event, encoder.key(event), encoder.value(event));
  }
}
