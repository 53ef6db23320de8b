package io.dimstore.writer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.dimstore.spi.Versions;
import io.dimstore.writer.BadChange.Reason;
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
 * Reads one change of a dimension from JSON and refuses whatever breaks a rule of the change topic,
 * so that nothing reaches a store that the store must refuse. Fields that it does not know are
 * skipped, so that producers can add some. Not thread-safe.
 */
final class ChangeParser {

  /** The longest key, in UTF-16 units: every store can hold it. */
  static final int MAX_KEY_LENGTH = 512;

  /** The longest text of a value, in UTF-16 units: rows of a few of them fit into every store. */
  static final int MAX_TEXT_LENGTH = 32_768;

  private static final int OP = 0;
  private static final int KEY = 1;
  private static final int FIRST_FIELD = 2;

  private final JsonFactory json =
      new JsonFactoryBuilder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

  private final CharsetEncoder utf8 = StandardCharsets.UTF_8.newEncoder();
  private final Map<String, Integer> positions = new HashMap<>();
  private final String[] names;
  private final FieldType[] types;
  private final int version;
  private final @Nullable Object[] values;
  private final boolean[] seen;
  private final @Nullable Duration maxAhead;

  /**
   * Creates a parser.
   *
   * @param maxAhead how far a version, as epoch milliseconds, may lie ahead of the arrival of its
   *     record; null for versions that are no times
   */
  ChangeParser(Dimension dimension, @Nullable Duration maxAhead) {
    this.maxAhead = maxAhead;
    List<Dimension.Field> fields = dimension.fields();
    this.version = FIRST_FIELD + fields.size();
    this.names = new String[version + 1];
    this.types = new FieldType[version + 1];
    this.values = new @Nullable Object[version + 1];
    this.seen = new boolean[version + 1];
    field(OP, "op", FieldType.TEXT);
    field(KEY, dimension.key(), FieldType.TEXT);
    for (int i = 0; i < fields.size(); i++) {
      field(FIRST_FIELD + i, fields.get(i).name(), fields.get(i).type());
    }
    field(version, "version", FieldType.BIGINT);
  }

  private void field(int position, String name, FieldType type) {
    names[position] = name;
    types[position] = type;
    positions.put(name, position);
  }

  /**
   * Reads one record.
   *
   * @param recordKey the record's key, or null where it has none
   * @param payload the record's value, or null where it has none
   * @param arrival when the record arrived at the latest, in epoch milliseconds
   * @return key, values and version; an INSERT stands for the upsert, a DELETE has null values
   */
  Row parse(byte @Nullable [] recordKey, byte @Nullable [] payload, long arrival) throws BadChange {
    if (payload == null) {
      throw new BadChange(Reason.NOT_JSON, "the record has no value");
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
   * A version from the future would stand until the clocks reach it, against every later change.
   */
  private Long version(long arrival) throws BadChange {
    Long value = (Long) required(version);
    if (maxAhead != null && value - maxAhead.toMillis() > arrival) {
      throw new BadChange(
          Reason.TOO_NEW,
          "version is more than "
              + maxAhead
              + " ahead of the record's arrival at "
              + Instant.ofEpochMilli(arrival));
    }
    return value;
  }

  private boolean isDelete() throws BadChange {
    return switch ((String) required(OP)) {
      case "upsert" -> false;
      case "delete" -> true;
      default -> throw new BadChange(Reason.UNKNOWN_OP, "op is neither upsert nor delete");
    };
  }

  private String key(byte @Nullable [] recordKey) throws BadChange {
    String key = (String) required(KEY);
    if (key.isEmpty()) {
      throw new BadChange(Reason.EMPTY_KEY, names[KEY]);
    }
    if (recordKey == null) {
      throw new BadChange(Reason.KEY_MISMATCH, "the record has no key");
    }
    if (!Arrays.equals(recordKey, key.getBytes(StandardCharsets.UTF_8))) {
      throw new BadChange(Reason.KEY_MISMATCH, "the record's key is not its " + names[KEY]);
    }
    return key;
  }

  private Object required(int position) throws BadChange {
    Object value = values[position];
    if (value == null) {
      throw missing(position);
    }
    return value;
  }

  private BadChange missing(int position) {
    return new BadChange(Reason.MISSING_FIELD, names[position]);
  }

  private void readFields(byte[] payload) throws BadChange {
    try (JsonParser parser = json.createParser(payload)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new BadChange(Reason.NOT_JSON, "not a JSON object");
      }
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        JsonToken token = parser.nextToken();
        Integer position = positions.get(name);
        if (position == null) {
          parser.skipChildren();
          continue;
        }
        if (seen[position]) {
          throw new BadChange(Reason.DUPLICATE_FIELD, name);
        }
        seen[position] = true;
        values[position] = token == JsonToken.VALUE_NULL ? null : read(parser, token, position);
      }
      if (parser.nextToken() != null) {
        throw new BadChange(Reason.NOT_JSON, "more than one JSON value");
      }
    } catch (IOException e) {
      throw new BadChange(Reason.NOT_JSON, "not well-formed JSON");
    }
  }

  private Object read(JsonParser parser, @Nullable JsonToken token, int position)
      throws BadChange, IOException {
    if (types[position] == FieldType.TEXT) {
      return text(parser, token, position);
    }
    if (token != JsonToken.VALUE_NUMBER_INT) {
      throw new BadChange(Reason.WRONG_TYPE, names[position]);
    }
    boolean fitsLong = parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
    if (position == version) {
      if (!fitsLong || !Versions.isValid(parser.getLongValue())) {
        throw new BadChange(
            Reason.VERSION_OUT_OF_RANGE, "version is not between 0 and " + Versions.MAX);
      }
      return parser.getLongValue();
    }
    if (types[position] == FieldType.BIGINT && fitsLong) {
      return parser.getLongValue();
    }
    if (types[position] == FieldType.INT && parser.getNumberType() == JsonParser.NumberType.INT) {
      return parser.getIntValue();
    }
    throw new BadChange(Reason.OUT_OF_RANGE, names[position] + " does not fit " + types[position]);
  }

  private String text(JsonParser parser, @Nullable JsonToken token, int position)
      throws BadChange, IOException {
    if (token != JsonToken.VALUE_STRING) {
      throw new BadChange(Reason.WRONG_TYPE, names[position]);
    }
    String text = parser.getText();
    int max = position == KEY ? MAX_KEY_LENGTH : MAX_TEXT_LENGTH;
    if (text.length() > max) {
      throw new BadChange(
          Reason.OUT_OF_RANGE, names[position] + " is longer than " + max + " characters");
    }
    if (!utf8.canEncode(text)) { // two such keys would become one in UTF-8
      throw new BadChange(Reason.WRONG_TYPE, names[position] + " holds half of a surrogate pair");
    }
    return text;
  }
}
