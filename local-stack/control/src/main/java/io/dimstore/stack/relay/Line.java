package io.dimstore.stack.relay;

/**
 * What happens to the pieces of one direction.
 *
 * @param delayNanos how long after its arrival each piece is passed on at the earliest
 * @param stopped whether nothing is passed on for now
 * @param hold what else holds single pieces
 */
record Line(long delayNanos, boolean stopped, Hold hold) {

  static final Line CLEAR = new Line(0, false, Hold.NONE);

  Line withDelay(long nanos) {
    return new Line(nanos, stopped, hold);
  }

  Line withStopped(boolean now) {
    return new Line(delayNanos, now, hold);
  }

  Line withHold(Hold other) {
    return new Line(delayNanos, stopped, other);
  }
}
