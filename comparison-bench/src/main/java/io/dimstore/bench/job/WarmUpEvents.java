// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.job;

import io.dimstore.bench.compare.oracle.InputData.Encoded;
import io.dimstore.events.record.Event;
import io.dimstore.events.record.JsonEncoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The events that warm an arm up: those of the input, as often as it takes, with other ids and at
 * earlier times. They are earlier by so much that no window of an event of the input contains them.
 * So the rows of the input's events are the same as without a warm-up. Not thread-safe.
 */
final class WarmUpEvents {

  /** Longer than the longest window and the allowed lateness together. */
  private static final long GAP = Duration.ofDays(40).toMillis();

  private final JsonEncoder encoder = new JsonEncoder();
  private final List<Encoded> input;
  private final int count;
  private final long passMillis;

  /**
   * Creates the warm-up.
   *
   * @param input the events of the input; not empty
   * @param count number of events of the warm-up
   */
  WarmUpEvents(List<Encoded> input, int count) {
    this.input = input;
    this.count = count;
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (Encoded each : input) {
      long time = event(each).timeMillis();
      first = Math.min(first, time);
      last = Math.max(last, time);
    }
    this.passMillis = last - first + GAP;
  }

  /** Returns some of the events, fewer at the end. */
  List<Encoded> events(int from, int atMost) {
    int passes = (count - 1) / input.size() + 1;
    List<Encoded> events = new ArrayList<>();
    for (int i = from; i < Math.min(count, from + atMost); i++) {
      int pass = i / input.size();
      Event event = event(input.get(i % input.size()));
      Event earlier =
          new Event(
              "warm-up-" + pass + '-' + event.eventId(),
              event.userId(),
              event.itemId(),
              event.type(),
              event.quantity(),
              event.amount(),
              event.timeMillis() - (passes - pass) * passMillis);
      events.add(new Encoded(earlier, encoder.key(earlier), encoder.value(earlier)));
    }
    return events;
  }

  private static Event event(Encoded encoded) {
    return (Event) encoded.record();
  }
}
