// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.records;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Compares the key of a Kafka record with the key columns in its payload. Kafka chooses the
 * partition by the record's key, so the two must be equal for the changes of a row to stay in
 * order. Not thread-safe.
 */
final class RecordKey {

  private final JsonFactory json;
  private final List<String> names;
  private final List<JsonValue> readers;

  RecordKey(JsonFactory json, List<String> names, List<JsonValue> readers) {
    this.json = json;
    this.names = names;
    this.readers = readers;
  }

  /**
   * Checks the key of a record.
   *
   * @param recordKey the record's key, or null without one
   * @param values the values of the key columns in the payload
   * @throws BadRecord if no store can hold the key, or the record has another key
   */
  void check(byte @Nullable [] recordKey, Object[] values) throws BadRecord {
    int bytes = 0;
    for (int i = 0; i < values.length; i++) {
      int length = length(values[i]);
      if (length == 0) {
        throw new BadRecord(ChangeReason.EMPTY_KEY, names.get(i));
      }
      bytes += length;
    }
    if (values.length > 1 && bytes > ChangeParser.MAX_COMPOSITE_KEY_BYTES) {
      throw new BadRecord(
          ChangeReason.OUT_OF_RANGE,
          "the key is longer than " + ChangeParser.MAX_COMPOSITE_KEY_BYTES + " bytes");
    }
    if (recordKey == null) {
      throw new BadRecord(ChangeReason.KEY_MISMATCH, "the record has no key");
    }
    if (!isText(recordKey, values) && !isObject(recordKey, values)) {
      throw new BadRecord(
          ChangeReason.KEY_MISMATCH,
          values.length == 1
              ? "the record's key is not its " + names.get(0)
              : "the record's key is not a JSON object with its " + String.join(", ", names));
    }
  }

  /** Returns the length of a text or of binary data; a positive number for other values. */
  private static int length(Object value) {
    if (value instanceof String text) {
      return text.getBytes(StandardCharsets.UTF_8).length;
    }
    return value instanceof byte[] data ? data.length : 1;
  }

  /** Returns whether the record's key is the value of the only key column, as text. */
  private boolean isText(byte[] recordKey, Object[] values) {
    if (values.length > 1) {
      return false;
    }
    if (values[0] instanceof String text) {
      return Arrays.equals(recordKey, text.getBytes(StandardCharsets.UTF_8));
    }
    try {
      Object read = readers.get(0).ofText(new String(recordKey, StandardCharsets.UTF_8));
      return Objects.deepEquals(read, values[0]);
    } catch (BadRecord e) {
      return false;
    }
  }

  /** Returns whether the record's key is a JSON object of the key columns. */
  private boolean isObject(byte[] recordKey, Object[] values) {
    try (JsonParser parser = json.createParser(recordKey)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      boolean[] found = new boolean[values.length];
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        parser.nextToken();
        int at = names.indexOf(name);
        if (at < 0 || found[at] || !Objects.deepEquals(readers.get(at).read(parser), values[at])) {
          return false;
        }
        found[at] = true;
      }
      for (boolean one : found) {
        if (!one) {
          return false;
        }
      }
      return parser.nextToken() == null;
    } catch (BadRecord | IOException e) {
      return false;
    }
  }
}
