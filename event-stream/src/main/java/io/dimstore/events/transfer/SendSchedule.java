// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.transfer;

import io.dimstore.events.record.Event;

/** Computes the due times of a {@link TransferPace}. An instance serves one transfer. */
final class SendSchedule {

  /** Longest offset. A longer one could overflow when added to a clock reading in nanoseconds. */
  private static final double LONGEST_NANOS = Long.MAX_VALUE / 4.0;

  private final TransferPace pace;
  private long events;
  private long firstEventTime;
  private long lastDue;

  SendSchedule(TransferPace pace) {
    this.pace = pace;
  }

  /**
   * Returns when the next event is due, in nanoseconds from the start. Due times never decrease.
   */
  long nextDueNanos(Event event) {
    if (events == 0) {
      firstEventTime = event.timeMillis();
    }
    double due = 0;
    if (pace instanceof TransferPace.Rate rate) {
      due = events * 1e9 / rate.perSecond();
    } else if (pace instanceof TransferPace.Speed speed) {
      due = (event.timeMillis() - firstEventTime) * 1e6 / speed.factor();
    }
    events++;
    lastDue = Math.max(lastDue, (long) Math.min(due, LONGEST_NANOS));
    return lastDue;
  }

  boolean isPaced() {
    return !(pace instanceof TransferPace.Unpaced);
  }
}
