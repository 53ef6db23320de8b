// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.oracle;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * An event as the event topic holds it.
 *
 * @param type view, cart, favorite, buy or return
 * @param quantity pieces
 * @param amount minor units
 * @param time event time in milliseconds since 1970
 */
public record OracleEvent(
    String eventId,
    String userId,
    String itemId,
    String type,
    long quantity,
    long amount,
    long time) {

  private static final JsonFactory JSON = new JsonFactory();

  /**
   * Parses a well-formed event.
   *
   * @throws IllegalArgumentException if the event is malformed; the oracle does not handle bad
   *     records
   */
  public static OracleEvent fromJson(byte[] json) {
    Map<String, String> fields = new HashMap<>();
    try (JsonParser parser = JSON.createParser(json)) {
      String name = "";
      for (JsonToken t = parser.nextToken(); t != null; t = parser.nextToken()) {
        if (t == JsonToken.FIELD_NAME) {
          name = parser.currentName();
        } else if (t.isScalarValue()) {
          fields.put(name, parser.getText());
        }
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("not JSON", e);
    }
    return new OracleEvent(
        need(fields, "event_id"),
        need(fields, "user_id"),
        need(fields, "item_id"),
        need(fields, "event_type"),
        Long.parseLong(need(fields, "quantity")),
        Long.parseLong(need(fields, "amount")),
        Instant.parse(need(fields, "event_time")).toEpochMilli());
  }

  private static String need(Map<String, String> fields, String name) {
    String value = fields.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the event has no " + name);
    }
    return value;
  }
}
