// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.record;

/** One element of the input: an event, or a change of a dimension row. */
public sealed interface StreamRecord permits Event, UserChange, ItemChange {

  /** Returns the key of the Kafka record: the user of an event, the dimension key of a change. */
  String key();

  /**
   * Returns the time of the event or change in epoch milliseconds, between {@link EventTimes#MIN}
   * and {@link EventTimes#MAX}.
   */
  long timeMillis();
}
