// SPDX-License-Identifier: Apache-2.0
package io.dimstore.writer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.dimstore.jobs.records.BadRecord;
import io.dimstore.jobs.sql.Dimension;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.Versions;
import java.io.IOException;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.jspecify.annotations.Nullable;

/**
 * Parses the changes of a dimension from JSON. It refuses records that break a rule of the change
 * topic, so that a store need not refuse them. Unknown fields are ignored, so that producers can
 * add some. Not thread-safe.
 */
final class ChangeParser {

  /** The maximum length of a key, in UTF-16 units. Every store can hold such a key. */
  static final int MAX_KEY_LENGTH = 512;

  /**
   * The maximum length of a text value, in UTF-16 units. Every store can hold a row with a few of
   * them.
   */
  static final int MAX_TEXT_LENGTH = 32_768;

  private static final int OP = 0;
  private static final int KEY = 1;
  private static final int FIRST_FIELD = 2;

  private final JsonFactory json =
      new JsonFactoryBuilder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

  private final CharsetEncoder utf8 = StandardCharsets.UTF_8.newEncoder();
  private final Map<String, Integer> positions = new HashMap<>();
  private final String[] names;
  private final DataType[] types;
  private final int version;
  private final @Nullable Object[] values;
  private final boolean[] seen;
  private final @Nullable Duration maxAhead;

  /**
   * Creates a parser.
   *
   * @param dimension with values of the types STRING, INT and BIGINT: a message has no other ones
   * @param maxAhead the most by which a version, as epoch milliseconds, may be ahead of the arrival
   *     of its record; null for versions that are not epoch milliseconds
   */
  ChangeParser(Dimension dimension, @Nullable Duration maxAhead) {
    this.maxAhead = maxAhead;
    List<Column> fields = dimension.values();
    this.version = FIRST_FIELD + fields.size();
    this.names = new String[version + 1];
    this.types = new DataType[version + 1];
    this.values = new @Nullable Object[version + 1];
    this.seen = new boolean[version + 1];
    field(OP, "op", DataType.STRING);
    field(KEY, dimension.key(), DataType.STRING);
    for (int i = 0; i < fields.size(); i++) {
      field(FIRST_FIELD + i, fields.get(i).name(), fields.get(i).type());
    }
    field(version, "version", DataType.Simple.BIGINT);
  }

  private void field(int position, String name, DataType type) {
    names[position] = name;
    types[position] = type;
    positions.put(name, position);
  }

  /**
   * Parses one record.
   *
   * @param recordKey the record's key, or null without one
   * @param payload the record's value, or null without one
   * @param arrival the latest possible time of the record's arrival, in epoch milliseconds
   * @return key, values and version; an INSERT for an upsert, a DELETE with null values for a
   *     delete
   * @throws BadRecord with the first broken rule that was found
   */
  Row parse(byte @Nullable [] recordKey, byte @Nullable [] payload, long arrival) throws BadRecord {
    if (payload == null) {
      throw new BadRecord(Reason.NOT_JSON, "the record has no value");
    }
    Arrays.fill(seen, false);
    Arrays.fill(values, null);
    readFields(payload);
    boolean delete = isDelete();
    String key = key(recordKey);
    Row row = Row.withPositions(delete ? RowKind.DELETE : RowKind.INSERT, names.length - 1);
    row.setField(0, key);
    for (int i = FIRST_FIELD; i < version && !delete; i++) {
      if (!seen[i]) {
        throw missing(i);
      }
      row.setField(i - 1, values[i]);
    }
    row.setField(version - 1, version(arrival));
    return row;
  }

  /**
   * Returns the version. Refuses one from the future, since it would win against every later change
   * until the clocks reach it.
   */
  private Long version(long arrival) throws BadRecord {
    Long value = (Long) required(version);
    if (maxAhead != null && value - maxAhead.toMillis() > arrival) {
      throw new BadRecord(
          Reason.TOO_NEW,
          "version is more than "
              + maxAhead
              + " ahead of the record's arrival at "
              + Instant.ofEpochMilli(arrival));
    }
    return value;
  }

  private boolean isDelete() throws BadRecord {
    return switch ((String) required(OP)) {
      case "upsert" -> false;
      case "delete" -> true;
      default -> throw new BadRecord(Reason.UNKNOWN_OP, "op is neither upsert nor delete");
    };
  }

  private String key(byte @Nullable [] recordKey) throws BadRecord {
    String key = (String) required(KEY);
    if (key.isEmpty()) {
      throw new BadRecord(Reason.EMPTY_KEY, names[KEY]);
    }
    if (recordKey == null) {
      throw new BadRecord(Reason.KEY_MISMATCH, "the record has no key");
    }
    if (!Arrays.equals(recordKey, key.getBytes(StandardCharsets.UTF_8))) {
      throw new BadRecord(Reason.KEY_MISMATCH, "the record's key is not its " + names[KEY]);
    }
    return key;
  }

  private Object required(int position) throws BadRecord {
    Object value = values[position];
    if (value == null) {
      throw missing(position);
    }
    return value;
  }

  private BadRecord missing(int position) {
    return new BadRecord(Reason.MISSING_FIELD, names[position]);
  }

  private void readFields(byte[] payload) throws BadRecord {
    try (JsonParser parser = json.createParser(payload)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new BadRecord(Reason.NOT_JSON, "not a JSON object");
      }
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        JsonToken token = parser.nextToken();
        Integer position = positions.get(name);
        if (position == null) {
          parser.skipChildren();
          continue;
        }
        if (seen[position]) {
          throw new BadRecord(Reason.DUPLICATE_FIELD, name);
        }
        seen[position] = true;
        values[position] = token == JsonToken.VALUE_NULL ? null : read(parser, token, position);
      }
      if (parser.nextToken() != null) {
        throw new BadRecord(Reason.NOT_JSON, "more than one JSON value");
      }
    } catch (IOException e) {
      throw new BadRecord(Reason.NOT_JSON, "not well-formed JSON");
    }
  }

  private Object read(JsonParser parser, @Nullable JsonToken token, int position)
      throws BadRecord, IOException {
    if (types[position].equals(DataType.STRING)) {
      return text(parser, token, position);
    }
    if (token != JsonToken.VALUE_NUMBER_INT) {
      throw new BadRecord(Reason.WRONG_TYPE, names[position]);
    }
    boolean fitsLong = parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
    if (position == version) {
      if (!fitsLong || !Versions.isValid(parser.getLongValue())) {
        throw new BadRecord(
            Reason.VERSION_OUT_OF_RANGE, "version is not between 0 and " + Versions.MAX);
      }
      return parser.getLongValue();
    }
    if (types[position] == DataType.Simple.BIGINT && fitsLong) {
      return parser.getLongValue();
    }
    if (types[position] == DataType.Simple.INT
        && parser.getNumberType() == JsonParser.NumberType.INT) {
      return parser.getIntValue();
    }
    throw new BadRecord(Reason.OUT_OF_RANGE, names[position] + " does not fit " + types[position]);
  }

  private String text(JsonParser parser, @Nullable JsonToken token, int position)
      throws BadRecord, IOException {
    if (token != JsonToken.VALUE_STRING) {
      throw new BadRecord(Reason.WRONG_TYPE, names[position]);
    }
    String text = parser.getText();
    int max = position == KEY ? MAX_KEY_LENGTH : MAX_TEXT_LENGTH;
    if (text.length() > max) {
      throw new BadRecord(
          Reason.OUT_OF_RANGE, names[position] + " is longer than " + max + " characters");
    }
    if (!utf8.canEncode(text)) { // in UTF-8, two such keys would become equal
      throw new BadRecord(Reason.WRONG_TYPE, names[position] + " contains an unpaired surrogate");
    }
    return text;
  }
}
