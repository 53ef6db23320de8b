// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.input;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.dimstore.jobs.records.BadRecord;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Parses one event from JSON and refuses a record that violates a rule of the event topic. Unknown
 * fields are skipped, so that producers can add fields. Not thread-safe.
 */
final class EventParser {

  /**
   * The maximum length of an identifier, in UTF-16 units. Every store can hold a key of this
   * length.
   */
  static final int MAX_ID_LENGTH = 512;

  /** The largest quantity. Multiplied by the largest price it does not overflow a long. */
  static final long MAX_QUANTITY = 1_000_000_000L;

  /**
   * The largest amount, in minor units. The sum of nine million such amounts in 30 days does not
   * overflow.
   */
  static final long MAX_AMOUNT = 1_000_000_000_000L;

  private static final String[] FIELDS = {
    "event_id", "user_id", "item_id", "event_type", "quantity", "amount", "event_time"
  };
  private static final int ALL = (1 << FIELDS.length) - 1;

  private final JsonFactory json = new JsonFactoryBuilder().build();
  private final Duration maxAhead;
  private final long maxAheadMillis;

  private final String[] texts = new String[FIELDS.length];
  private final long[] numbers = new long[FIELDS.length];

  /**
   * Creates a parser.
   *
   * @param maxAhead how far an event time may lie ahead of the arrival of its record
   */
  EventParser(Duration maxAhead) {
    this.maxAhead = maxAhead;
    this.maxAheadMillis = maxAhead.toMillis();
  }

  /**
   * Parses one record.
   *
   * @param payload the record's value, or null if it has none
   * @param arrival the latest time at which the record can have arrived, in epoch milliseconds
   * @throws BadRecord if the record is not a valid event
   */
  ParsedEvent parse(byte @Nullable [] payload, long arrival) throws BadRecord {
    if (payload == null) {
      throw new BadRecord(DeadLetterReason.NOT_JSON, "the record has no value");
    }
    readFields(payload);
    EventKind kind = EventKind.ofText(texts[EventRows.EVENT_TYPE]);
    if (kind == null) {
      throw new BadRecord(DeadLetterReason.UNKNOWN_EVENT_TYPE, "event_type");
    }
    return new ParsedEvent(
        texts[EventRows.EVENT_ID],
        texts[EventRows.USER_ID],
        texts[EventRows.ITEM_ID],
        kind,
        inRange(EventRows.QUANTITY, MAX_QUANTITY),
        inRange(EventRows.AMOUNT, MAX_AMOUNT),
        time(texts[EventRows.EVENT_TIME], arrival));
  }

  private void readFields(byte[] payload) throws BadRecord {
    int seen = 0;
    try (JsonParser parser = json.createParser(payload)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new BadRecord(DeadLetterReason.NOT_JSON, "not a JSON object");
      }
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        JsonToken value = parser.nextToken();
        int field = indexOf(name);
        if (field < 0) {
          parser.skipChildren();
          continue;
        }
        if ((seen & 1 << field) != 0) {
          throw new BadRecord(DeadLetterReason.DUPLICATE_FIELD, name);
        }
        seen |= 1 << field;
        read(parser, value, field);
      }
      if (parser.nextToken() != null) {
        throw new BadRecord(DeadLetterReason.NOT_JSON, "more than one JSON value");
      }
    } catch (IOException e) {
      throw new BadRecord(DeadLetterReason.NOT_JSON, "not well-formed JSON");
    }
    if (seen != ALL) {
      throw new BadRecord(
          DeadLetterReason.MISSING_FIELD, FIELDS[Integer.numberOfTrailingZeros(~seen)]);
    }
  }

  private void read(JsonParser parser, @Nullable JsonToken value, int field)
      throws BadRecord, IOException {
    if (value == JsonToken.VALUE_NULL) {
      throw new BadRecord(DeadLetterReason.MISSING_FIELD, FIELDS[field]);
    }
    if (field == EventRows.QUANTITY || field == EventRows.AMOUNT) {
      if (value != JsonToken.VALUE_NUMBER_INT) {
        throw new BadRecord(DeadLetterReason.WRONG_TYPE, FIELDS[field]);
      }
      if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
        throw new BadRecord(DeadLetterReason.OUT_OF_RANGE, FIELDS[field]);
      }
      numbers[field] = parser.getLongValue();
      return;
    }
    if (value != JsonToken.VALUE_STRING) {
      throw new BadRecord(DeadLetterReason.WRONG_TYPE, FIELDS[field]);
    }
    String text = parser.getText();
    if (text.isEmpty()) {
      throw new BadRecord(DeadLetterReason.EMPTY_FIELD, FIELDS[field]);
    }
    if (text.length() > MAX_ID_LENGTH) {
      throw new BadRecord(DeadLetterReason.OUT_OF_RANGE, FIELDS[field]);
    }
    // Two different identifiers with lone surrogates would become equal in UTF-8.
    if (hasLoneSurrogate(text)) {
      throw new BadRecord(DeadLetterReason.WRONG_TYPE, FIELDS[field]);
    }
    texts[field] = text;
  }

  private long inRange(int field, long max) throws BadRecord {
    long value = numbers[field];
    if (value < 0) {
      throw new BadRecord(DeadLetterReason.NEGATIVE, FIELDS[field]);
    }
    if (value > max) {
      throw new BadRecord(DeadLetterReason.OUT_OF_RANGE, FIELDS[field]);
    }
    return value;
  }

  private long time(String text, long arrival) throws BadRecord {
    long millis = InstantText.millis(text);
    if (millis == InstantText.UNREADABLE) {
      throw new BadRecord(
          DeadLetterReason.IMPOSSIBLE_TIME, "event_time is not an ISO-8601 instant");
    }
    if (millis < 0 || millis > InstantText.MAX) {
      throw new BadRecord(DeadLetterReason.IMPOSSIBLE_TIME, "event_time is not in 1970 to 9999");
    }
    if (millis - maxAheadMillis > arrival) {
      throw new BadRecord(
          DeadLetterReason.TOO_NEW,
          "event_time is more than "
              + maxAhead
              + " ahead of the record's arrival at "
              + Instant.ofEpochMilli(arrival));
    }
    return millis;
  }

  private static int indexOf(String name) {
    for (int i = 0; i < FIELDS.length; i++) {
      if (FIELDS[i].equals(name)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean hasLoneSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (Character.isLowSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return true;
        }
        i++;
      }
    }
    return false;
  }
}
