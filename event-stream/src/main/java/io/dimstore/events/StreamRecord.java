package io.dimstore.events;

/** One element of the input: an event, or a change of a dimension row. */
public sealed interface StreamRecord permits Event, UserChange, ItemChange {

  /** The key of its Kafka record: the user of an event, the dimension key of a change. */
  String key();

  /**
   * When it happened, in epoch milliseconds, between {@link EventTimes#MIN} and {@link
   * EventTimes#MAX}.
   */
  long timeMillis();
}
