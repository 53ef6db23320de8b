// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.bench.compare.oracle.InputData.Encoded;
import io.dimstore.events.record.Event;
import io.dimstore.events.record.EventTimes;
import io.dimstore.events.record.EventType;
import io.dimstore.events.record.JsonEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WarmUpEventsTest {

  private static final long START = Instant.parse("2024-05-01T00:00:00Z").toEpochMilli();
  private static final Duration LONGEST_WINDOW = Duration.ofDays(30);
  private static final Duration LATENESS = Duration.ofDays(1);

  private final List<Encoded> input =
      List.of(event("a", "u1", 0), event("b", "u2", 7_000), event("c", "u1", 5_000));

  @Test
  void everyEventHasAnIdOfItsOwn() {
    Set<String> ids = new HashSet<>(List.of("a", "b", "c"));
    for (Event event : warmUp(8)) {
      assertThat(ids.add(event.eventId())).as(event.eventId()).isTrue();
    }
  }

  @Test
  void eachPassOverTheInputIsOutsideOfTheWindowsOfTheNext() {
    List<Event> events = new ArrayList<>(warmUp(6));
    input.forEach(encoded -> events.add((Event) encoded.record()));
    for (int pass = 0; pass < 2; pass++) {
      long last = latest(events.subList(pass * 3, pass * 3 + 3));
      long first = earliest(events.subList(pass * 3 + 3, pass * 3 + 6));
      assertThat(first - last).isGreaterThan(LONGEST_WINDOW.plus(LATENESS).toMillis());
    }
  }

  @Test
  void allElseIsTheInputs() {
    List<Event> events = warmUp(3);
    for (int i = 0; i < 3; i++) {
      Event event = events.get(i);
      Event original = (Event) input.get(i).record();
      assertThat(event.userId()).isEqualTo(original.userId());
      assertThat(event.amount()).isEqualTo(original.amount());
      assertThat(event.timeMillis() - events.get(0).timeMillis())
          .isEqualTo(original.timeMillis() - START);
    }
  }

  @Test
  void theBytesAreThoseOfTheRecord() {
    WarmUpEvents warmUp = new WarmUpEvents(input, 4);
    Encoded first = warmUp.events(0, 1).get(0);
    assertThat(new String(first.value(), StandardCharsets.UTF_8))
        .contains("\"event_id\":\"warm-up-0-a\"", "\"user_id\":\"u1\"");
  }

  @Test
  void shortInputHasNoEventsBeforeTheEarliestValidTime() {
    WarmUpEvents warmUp = new WarmUpEvents(input, 1_000_000);

    assertThat(warmUp.size()).isBetween(1_000, 2_000);
    Event first = (Event) warmUp.events(0, 1).get(0).record();
    assertThat(first.timeMillis()).isBetween(EventTimes.MIN, Duration.ofDays(41).toMillis());
    Event last = (Event) warmUp.events(warmUp.size() - 1, 2).get(0).record();
    assertThat(last.timeMillis()).isLessThan(START - LONGEST_WINDOW.toMillis());
  }

  @Test
  void inputAtTheEarliestValidTimeHasNoWarmUp() {
    WarmUpEvents warmUp = new WarmUpEvents(List.of(event("a", "u1", -START)), 10);
    assertThat(warmUp.size()).isZero();
    assertThat(warmUp.events(0, 10)).isEmpty();
  }

  /** Returns the events of a warm-up, taken in batches of two. */
  private List<Event> warmUp(int count) {
    WarmUpEvents warmUp = new WarmUpEvents(input, count);
    List<Event> events = new ArrayList<>();
    for (int from = 0; from < count; from += 2) {
      warmUp.events(from, 2).forEach(encoded -> events.add((Event) encoded.record()));
    }
    assertThat(events).hasSize(count);
    return events;
  }

  private static long latest(List<Event> events) {
    return events.stream().mapToLong(Event::timeMillis).max().orElseThrow();
  }

  private static long earliest(List<Event> events) {
    return events.stream().mapToLong(Event::timeMillis).min().orElseThrow();
  }

  private static Encoded event(String id, String user, long afterStart) {
    Event event = new Event(id, user, "i1", EventType.BUY, 1, 250, START + afterStart);
    JsonEncoder encoder = new JsonEncoder();
    return new Encoded(event, encoder.key(event), encoder.value(event));
  }
}
