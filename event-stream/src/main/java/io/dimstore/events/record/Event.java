// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.record;

/**
 * One event.
 *
 * @param eventId unique within one input
 * @param quantity pieces, never negative
 * @param amount money in minor units, never negative; 0 where no price is known
 * @param timeMillis event time in epoch milliseconds
 */
public record Event(
    String eventId,
    String userId,
    String itemId,
    EventType type,
    int quantity,
    long amount,
    long timeMillis)
    implements StreamRecord {

  /** Refuses negative quantities and amounts, and times outside {@link EventTimes}. */
  public Event {
    if (quantity < 0 || amount < 0) {
      throw new IllegalArgumentException("negative quantity or amount in event " + eventId);
    }
    EventTimes.requireInRange(timeMillis);
  }

  @Override
  public String key() {
    return userId;
  }
}
