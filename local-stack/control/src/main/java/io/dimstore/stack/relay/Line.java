// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.relay;

/**
 * The faults that apply to one direction.
 *
 * @param delayNanos minimum time between a piece's arrival and its passing on
 * @param stopped whether no piece is passed on at present
 * @param hold holds individual pieces, in addition to the delay
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
