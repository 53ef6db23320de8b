// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.bench.compare.oracle.InputData.Encoded;
import io.dimstore.events.record.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UserEventsTest {

  private static final int USERS = 30;
  private static final int PER_USER = 3;
  private static final long START = 1_700_000_000_000L;

  @Test
  void everyUserHasItsEventsOfThePastInTheOrderOfTheirTimes() {
    UserEvents events = new UserEvents(1, USERS, PER_USER, START);
    Map<String, List<Long>> times = new HashMap<>();
    Set<String> ids = new HashSet<>();
    for (int from = 0; from < events.pastEvents(); from += 7) {
      for (Encoded encoded : events.past(from, 7)) {
        Event event = (Event) encoded.record();
        times.computeIfAbsent(event.userId(), unused -> new ArrayList<>()).add(event.timeMillis());
        ids.add(event.eventId());
      }
    }
    long hour = Duration.ofHours(1).toMillis();
    assertThat(times).hasSize(USERS);
    assertThat(times.values())
        .allMatch(List.of(START - 3 * hour, START - 2 * hour, START - hour)::equals);
    assertThat(ids).hasSize(USERS * PER_USER);
  }

  @Test
  void laterEventsAreOfTheSameUsersAndHaveIdsOfTheirOwn() {
    UserEvents events = new UserEvents(1, USERS, PER_USER, START);
    Set<String> ids = new HashSet<>();
    events.past(0, USERS * PER_USER).forEach(each -> ids.add(((Event) each.record()).eventId()));
    Set<String> users = new HashSet<>();
    for (Encoded each : events.next(1_000)) {
      Event event = (Event) each.record();
      users.add(event.userId());
      ids.add(event.eventId());
      assertThat(event.timeMillis()).isEqualTo(START);
    }
    assertThat(users).hasSize(USERS);
    assertThat(ids).hasSize(USERS * PER_USER + 1_000);
  }

  @Test
  void theSameSeedGivesTheSameEvents() {
    assertThat(values(new UserEvents(7, USERS, PER_USER, START).next(50)))
        .isEqualTo(values(new UserEvents(7, USERS, PER_USER, START).next(50)))
        .isNotEqualTo(values(new UserEvents(8, USERS, PER_USER, START).next(50)));
  }

  private static List<Event> values(List<Encoded> events) {
    return events.stream().map(each -> (Event) each.record()).toList();
  }
}
