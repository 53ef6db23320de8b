// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.oracle;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.dimstore.bench.subject.BenchException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * The rows that one arm wrote for one feature set, by event. Each row is kept as its bytes in
 * Kafka, with the arrival time that the broker assigned.
 */
public final class FeatureRows {

  private static final JsonFactory JSON = new JsonFactory();

  /** One row: its bytes and when it arrived, in epoch milliseconds. */
  public record Arrived(byte[] json, long atMillis) {}

  private final Map<String, Arrived> rows;
  private long duplicates;
  private long known;
  private long firstAtMillis = Long.MAX_VALUE;
  private long lastAtMillis = Long.MIN_VALUE;

  public FeatureRows(int expected) {
    this.rows = new HashMap<>(expected * 4 / 3 + 16);
  }

  /** Adds a row that was read from Kafka. */
  public void add(byte[] json, long atMillis) {
    String eventId = null;
    int found = 0;
    try (JsonParser parser = JSON.createParser(json)) {
      while (parser.nextToken() != null) {
        if (parser.currentToken() != JsonToken.FIELD_NAME) {
          continue;
        }
        String field = parser.currentName();
        JsonToken value = parser.nextToken();
        if (field.equals("event_id")) {
          eventId = parser.getText();
        } else if ((field.equals("user_known") || field.equals("item_known"))
            && value == JsonToken.VALUE_TRUE) {
          found++;
        }
      }
    } catch (IOException e) {
      throw new BenchException(
          "A feature row is not JSON: " + new String(json, java.nio.charset.StandardCharsets.UTF_8),
          e);
    }
    if (eventId == null) {
      throw new BenchException(
          "A feature row has no event_id: "
              + new String(json, java.nio.charset.StandardCharsets.UTF_8));
    }
    if (rows.put(eventId, new Arrived(json, atMillis)) != null) {
      duplicates++;
      return;
    }
    known += found;
    firstAtMillis = Math.min(firstAtMillis, atMillis);
    lastAtMillis = Math.max(lastAtMillis, atMillis);
  }

  public int size() {
    return rows.size();
  }

  /** Returns the number of rows that arrived for an event that already had a row. */
  public long duplicates() {
    return duplicates;
  }

  /** Returns how many dimension rows the feature rows found. Each feature row looks up two. */
  public long known() {
    return known;
  }

  long firstAtMillis() {
    return firstAtMillis;
  }

  long lastAtMillis() {
    return lastAtMillis;
  }

  public Map<String, Arrived> byEvent() {
    return rows;
  }
}
