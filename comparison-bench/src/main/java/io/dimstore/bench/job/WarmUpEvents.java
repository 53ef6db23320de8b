// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.job;

import io.dimstore.bench.compare.oracle.InputData.Encoded;
import io.dimstore.events.record.Event;
import io.dimstore.events.record.EventTimes;
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
  private final int size;
  private final int passes;
  private final long passMillis;

  /**
   * Creates the warm-up.
   *
   * @param input the events of the input; not empty
   * @param wanted number of events of the warm-up. There are fewer if the earliest of them would
   *     have no valid time, which can happen if the input has few events
   */
  WarmUpEvents(List<Encoded> input, int wanted) {
    this.input = input;
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (Encoded each : input) {
      long time = event(each).timeMillis();
      first = Math.min(first, time);
      last = Math.max(last, time);
    }
    this.passMillis = last - first + GAP;
    long possible = (first - EventTimes.MIN) / passMillis;
    this.size = (int) Math.min(wanted, possible * input.size());
    this.passes = (size + input.size() - 1) / input.size();
  }

  /** Returns the number of events. */
  int size() {
    return size;
  }

  /** Returns some of the events, fewer at the end. */
  List<Encoded> events(int from, int atMost) {
    List<Encoded> events = new ArrayList<>();
    for (int i = from; i < Math.min(size, from + atMost); i++) {
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
