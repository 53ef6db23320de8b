// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.input;

import io.dimstore.jobs.records.BadRecord;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Decodes events by the rules of the feature job, for a program that reads the event topic without
 * Flink. Not thread-safe.
 */
public final class EventDecoder {

  private final EventParser parser;

  /**
   * Creates a decoder.
   *
   * @param maxAhead how far an event time may lie ahead of the arrival of its record
   */
  public EventDecoder(Duration maxAhead) {
    parser = new EventParser(maxAhead);
  }

  /**
   * Decodes one record.
   *
   * @param payload the record's value, or null if it has none
   * @param arrival the latest time at which the record can have arrived, in epoch milliseconds
   * @throws BadRecord if the record is not a valid event
   */
  public ParsedEvent decode(byte @Nullable [] payload, long arrival) throws BadRecord {
    return parser.parse(payload, arrival);
  }
}
