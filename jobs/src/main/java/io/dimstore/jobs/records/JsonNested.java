// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.records;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.types.Row;
import org.jspecify.annotations.Nullable;

/** Reads the types whose values contain others. */
final class JsonNested implements JsonValue {

  private final String path;
  private final String expected;
  private final JsonToken start;
  private final Reader reader;

  private JsonNested(String path, String expected, JsonToken start, Reader reader) {
    this.path = path;
    this.expected = expected;
    this.start = start;
    this.reader = reader;
  }

  /** Reads an array or object after its first token, up to its last. */
  @FunctionalInterface
  private interface Reader {
    Object read(JsonParser json) throws BadRecord, IOException;
  }

  @Override
  public Object read(JsonParser json) throws BadRecord, IOException {
    if (json.currentToken() != start) {
      throw wrong();
    }
    return reader.read(json);
  }

  @Override
  public Object ofText(String text) throws BadRecord {
    throw wrong();
  }

  private BadRecord wrong() {
    return new BadRecord(ChangeReason.WRONG_TYPE, path + " is not " + expected);
  }

  /** Reads arrays, as arrays of objects. */
  static JsonNested array(String path, LogicalType element, int maxLength) {
    String inside = path + "[]";
    JsonValue elements = JsonValue.of(inside, element, maxLength);
    boolean nullable = element.isNullable();
    return new JsonNested(
        path,
        "an array",
        JsonToken.START_ARRAY,
        json -> {
          List<@Nullable Object> values = new ArrayList<>();
          while (json.nextToken() != JsonToken.END_ARRAY) {
            values.add(JsonValue.readOrNull(elements, nullable, inside, json));
          }
          return values.toArray();
        });
  }

  /**
   * Reads maps, and multisets as maps of element to count.
   *
   * @throws IllegalArgumentException for keys of a type that cannot be the name of a field
   */
  static JsonNested map(String path, LogicalType key, LogicalType value, int maxLength) {
    JsonValue keys = JsonValue.of(path + ".key", key, maxLength);
    if (keys instanceof JsonNested) {
      throw new IllegalArgumentException(
          "column '"
              + path
              + "' has keys of type "
              + key.asSummaryString()
              + ", which the names of JSON fields cannot be");
    }
    String inside = path + ".value";
    JsonValue values = JsonValue.of(inside, value, maxLength);
    boolean nullable = value.isNullable();
    return new JsonNested(
        path,
        "an object",
        JsonToken.START_OBJECT,
        json -> {
          Map<Object, @Nullable Object> map = new LinkedHashMap<>();
          Set<Object> seen = new HashSet<>();
          for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            Object read = keys.ofText(name);
            json.nextToken();
            // Arrays are equal by identity, buffers by their bytes.
            if (!seen.add(read instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : read)) {
              throw new BadRecord(ChangeReason.DUPLICATE_FIELD, path + ".key");
            }
            map.put(read, JsonValue.readOrNull(values, nullable, inside, json));
          }
          return map;
        });
  }

  /** Reads rows. Every field has to be there; unknown ones are skipped. */
  static JsonNested row(String path, RowType type, int maxLength) {
    List<RowType.RowField> declared = type.getFields();
    String[] paths = new String[declared.size()];
    JsonValue[] values = new JsonValue[paths.length];
    boolean[] nullable = new boolean[paths.length];
    Map<String, Integer> positions = new HashMap<>();
    for (int i = 0; i < paths.length; i++) {
      RowType.RowField field = declared.get(i);
      paths[i] = path + "." + field.getName();
      values[i] = JsonValue.of(paths[i], field.getType(), maxLength);
      nullable[i] = field.getType().isNullable();
      positions.put(field.getName(), i);
    }
    boolean[] seen = new boolean[paths.length];
    return new JsonNested(
        path,
        "an object",
        JsonToken.START_OBJECT,
        json -> {
          Arrays.fill(seen, false);
          Row row = new Row(paths.length);
          for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            json.nextToken();
            Integer at = positions.get(name);
            if (at == null) {
              json.skipChildren();
              continue;
            }
            if (seen[at]) {
              throw new BadRecord(ChangeReason.DUPLICATE_FIELD, paths[at]);
            }
            seen[at] = true;
            row.setField(at, JsonValue.readOrNull(values[at], nullable[at], paths[at], json));
          }
          for (int i = 0; i < paths.length; i++) {
            if (!seen[i]) {
              throw new BadRecord(ChangeReason.MISSING_FIELD, paths[i]);
            }
          }
          return row;
        });
  }
}
