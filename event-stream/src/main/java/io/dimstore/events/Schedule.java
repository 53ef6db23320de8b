package io.dimstore.events;

/** Turns a {@link Pace} into due times. One per transfer. */
final class Schedule {

  /** Beyond this an interval cannot be added to a clock in nanoseconds. */
  private static final double LONGEST_NANOS = Long.MAX_VALUE / 4.0;

  private final Pace pace;
  private long events;
  private long firstEventTime;
  private long lastDue;

  Schedule(Pace pace) {
    this.pace = pace;
  }

  /** When the next event is due, in nanoseconds from the start; never less than the one before. */
  long nextDueNanos(Event event) {
    if (events == 0) {
      firstEventTime = event.timeMillis();
    }
    double due = 0;
    if (pace instanceof Pace.Rate rate) {
      due = events * 1e9 / rate.perSecond();
    } else if (pace instanceof Pace.Speed speed) {
      due = (event.timeMillis() - firstEventTime) * 1e6 / speed.factor();
    }
    events++;
    lastDue = Math.max(lastDue, (long) Math.min(due, LONGEST_NANOS));
    return lastDue;
  }

  boolean isPaced() {
    return !(pace instanceof Pace.Unpaced);
  }
}
