// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.records;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.dimstore.spi.Versions;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.types.logical.BigIntType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.VarCharType;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.jspecify.annotations.Nullable;

/**
 * Parses the changes of a dimension from JSON. It refuses a record that breaks a rule of the change
 * topic, before a store would have to refuse it. One of these rules is that a column must be able
 * to hold the exact value. Only FLOAT and DOUBLE take the nearest value. Unknown fields are
 * ignored, so that producers can add some. Not thread-safe.
 */
public final class ChangeParser {

  /** The maximum length of a key: of a text in UTF-16 units, of binary data in bytes. */
  static final int MAX_KEY_LENGTH = 512;

  /** The maximum length of a composite key: the bytes of its texts, in UTF-8, and binary data. */
  static final int MAX_COMPOSITE_KEY_BYTES = 1024;

  /**
   * The maximum length of a text in UTF-16 units, and of binary data in bytes. Every store can hold
   * a row with a few of them.
   */
  static final int MAX_LENGTH = 32_768;

  private static final String OP = "op";
  private static final String VERSION = "version";

  private final JsonFactory json =
      new JsonFactoryBuilder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

  private final RecordKey key;
  private final int[] keyPositions;
  private final Map<String, Integer> positions = new HashMap<>();
  private final String[] names;
  private final JsonValue[] readers;
  private final boolean[] required;
  private final int version;
  private final int op;
  private final @Nullable Object[] values;
  private final boolean[] seen;
  private final @Nullable Duration maxAhead;

  /** The same as milliseconds, which are too costly to compute for each record. */
  private final long maxAheadMillis;

  /**
   * Creates a parser.
   *
   * @param columns the columns of the table
   * @param keyColumns the names of the key columns, in key order
   * @param maxAhead the most by which a version, as epoch milliseconds, may be ahead of the arrival
   *     of its record; null for versions that are not epoch milliseconds
   * @throws IllegalArgumentException if a column has a type that a change cannot hold, or has the
   *     name of a field that every change has; the message names the column
   */
  public ChangeParser(RowType columns, List<String> keyColumns, @Nullable Duration maxAhead) {
    this.maxAhead = maxAhead;
    this.maxAheadMillis = maxAhead == null ? 0 : maxAhead.toMillis();
    this.version = columns.getFieldCount();
    this.op = version + 1;
    this.names = new String[op + 1];
    this.readers = new JsonValue[op + 1];
    this.required = new boolean[op + 1];
    this.values = new @Nullable Object[op + 1];
    this.seen = new boolean[op + 1];
    for (int i = 0; i < version; i++) {
      String name = columns.getFieldNames().get(i);
      if (name.equals(OP) || name.equals(VERSION)) {
        throw new IllegalArgumentException(
            "column '"
                + name
                + "' has the name of a field that every change has: give it another name");
      }
      boolean isKey = keyColumns.contains(name);
      LogicalType type = columns.getTypeAt(i);
      field(i, name, type, isKey ? MAX_KEY_LENGTH : MAX_LENGTH);
      required[i] = isKey || !type.isNullable();
    }
    field(version, VERSION, new BigIntType(), MAX_LENGTH);
    field(op, OP, VarCharType.STRING_TYPE, MAX_LENGTH);
    this.keyPositions = keyColumns.stream().mapToInt(columns.getFieldNames()::indexOf).toArray();
    this.key =
        new RecordKey(
            json, keyColumns, Arrays.stream(keyPositions).mapToObj(i -> readers[i]).toList());
  }

  private void field(int position, String name, LogicalType type, int maxLength) {
    names[position] = name;
    readers[position] = JsonValue.of(name, type, maxLength);
    positions.put(name, position);
  }

  /**
   * Parses one record.
   *
   * @param recordKey the record's key, or null without one
   * @param payload the record's value, or null without one
   * @param arrival the latest possible time of the record's arrival, in epoch milliseconds
   * @return the columns and the version; an INSERT for an upsert, a DELETE with null in every
   *     column but the key for a delete
   * @throws BadRecord with the first broken rule that was found
   */
  public Row parse(byte @Nullable [] recordKey, byte @Nullable [] payload, long arrival)
      throws BadRecord {
    if (payload == null) {
      throw new BadRecord(ChangeReason.NOT_JSON, "the record has no value");
    }
    Arrays.fill(seen, false);
    Arrays.fill(values, null);
    readFields(payload);
    boolean delete = isDelete();
    Row row = Row.withPositions(delete ? RowKind.DELETE : RowKind.INSERT, version + 1);
    Object[] keyValues = new Object[keyPositions.length];
    for (int i = 0; i < keyValues.length; i++) {
      keyValues[i] = required(keyPositions[i]);
      row.setField(keyPositions[i], keyValues[i]);
    }
    key.check(recordKey, keyValues);
    for (int i = 0; i < version && !delete; i++) {
      if (!seen[i]) {
        throw missing(i);
      }
      row.setField(i, required[i] ? required(i) : values[i]);
    }
    row.setField(version, version(arrival));
    return row;
  }

  /**
   * Returns the version. Refuses one from the future, since it would win against every later change
   * until the clocks reach it.
   */
  private Long version(long arrival) throws BadRecord {
    Long value = (Long) required(version);
    if (maxAhead != null && value - maxAheadMillis > arrival) {
      throw new BadRecord(
          ChangeReason.TOO_NEW,
          "version is more than "
              + maxAhead
              + " ahead of the record's arrival at "
              + Instant.ofEpochMilli(arrival));
    }
    return value;
  }

  private boolean isDelete() throws BadRecord {
    return switch ((String) required(op)) {
      case "upsert" -> false;
      case "delete" -> true;
      default -> throw new BadRecord(ChangeReason.UNKNOWN_OP, "op is neither upsert nor delete");
    };
  }

  private Object required(int position) throws BadRecord {
    Object value = values[position];
    if (value == null) {
      throw missing(position);
    }
    return value;
  }

  private BadRecord missing(int position) {
    return new BadRecord(ChangeReason.MISSING_FIELD, names[position]);
  }

  private void readFields(byte[] payload) throws BadRecord {
    try (JsonParser parser = json.createParser(payload)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new BadRecord(ChangeReason.NOT_JSON, "not a JSON object");
      }
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        JsonToken token = parser.nextToken();
        Integer position = positions.get(name);
        if (position == null) {
          parser.skipChildren();
          continue;
        }
        if (seen[position]) {
          throw new BadRecord(ChangeReason.DUPLICATE_FIELD, name);
        }
        seen[position] = true;
        values[position] = token == JsonToken.VALUE_NULL ? null : read(parser, token, position);
      }
      if (parser.nextToken() != null) {
        throw new BadRecord(ChangeReason.NOT_JSON, "more than one JSON value");
      }
    } catch (IOException e) {
      throw new BadRecord(ChangeReason.NOT_JSON, "not well-formed JSON");
    }
  }

  private Object read(JsonParser parser, JsonToken token, int position)
      throws BadRecord, IOException {
    if (position != version || token != JsonToken.VALUE_NUMBER_INT) {
      return readers[position].read(parser);
    }
    if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
        || !Versions.isValid(parser.getLongValue())) {
      throw new BadRecord(
          ChangeReason.VERSION_OUT_OF_RANGE, "version is not between 0 and " + Versions.MAX);
    }
    return parser.getLongValue();
  }
}
