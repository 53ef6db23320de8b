// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.phase;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The stored form of states and log entries: JSON, times and durations in the text of ISO 8601. A
 * record of a newer format is refused, and so is one with a field that this version does not know,
 * because writing it back would lose the field.
 */
public final class StateJson {

  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .registerModule(text(Instant.class, Instant::parse))
          .registerModule(text(Duration.class, Duration::parse))
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);

  private StateJson() {}

  /** Returns the text to store. Equal values have equal texts. */
  public static String format(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Not storable: " + value.getClass().getSimpleName(), e);
    }
  }

  /**
   * Returns the canonical text: compact, with the names of every object in ascending order. Its
   * SHA-256 identifies the value.
   */
  public static String canonical(Object value) {
    return format(sorted(MAPPER.valueToTree(value)));
  }

  /**
   * Reads a stored text of any type.
   *
   * @param name the record's name, for the message
   * @throws MigrationException if the text is not JSON
   */
  public static JsonNode parseTree(String name, String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new MigrationException(name + " cannot be read: it is not JSON", e);
    }
  }

  /** Returns the text for people: indented. */
  public static String indented(Object value) {
    return MAPPER.valueToTree(value).toPrettyString();
  }

  private static JsonNode sorted(JsonNode value) {
    if (value.isArray()) {
      ArrayNode array = MAPPER.createArrayNode();
      value.forEach(element -> array.add(sorted(element)));
      return array;
    }
    if (!value.isObject()) {
      return value;
    }
    TreeMap<String, JsonNode> fields = new TreeMap<>();
    value.fields().forEachRemaining(field -> fields.put(field.getKey(), sorted(field.getValue())));
    ObjectNode object = MAPPER.createObjectNode();
    object.setAll(fields);
    return object;
  }

  /** Returns the SHA-256 of a text in UTF-8, as hexadecimal digits. */
  public static String sha256(String text) {
    return HexFormat.of().formatHex(newSha256().digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Returns a new digest. */
  public static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Reads a stored text.
   *
   * @param name the record's name, for the message
   * @throws MigrationException if the text is not of this type and format
   */
  public static <T> T parse(String name, String text, Class<T> type) {
    try {
      JsonNode tree = MAPPER.readTree(text);
      int format = tree.path("format").asInt(MigrationState.FORMAT);
      if (format > MigrationState.FORMAT) {
        throw new MigrationException(
            "Record "
                + name
                + " has format "
                + format
                + ", and this version of dimstore reads up to format "
                + MigrationState.FORMAT
                + ". Use the version that wrote it, or a newer one");
      }
      return MAPPER.treeToValue(tree, type);
    } catch (JsonProcessingException e) {
      throw new MigrationException("Record " + name + " cannot be read", e);
    }
  }

  private static <T> SimpleModule text(Class<T> type, Function<String, T> parse) {
    return new SimpleModule(type.getSimpleName())
        .addSerializer(
            new StdSerializer<T>(type) {
              private static final long serialVersionUID = 1L;

              @Override
              public void serialize(T value, JsonGenerator out, SerializerProvider all)
                  throws IOException {
                out.writeString(value.toString());
              }
            })
        .addDeserializer(
            type,
            new StdDeserializer<T>(type) {
              private static final long serialVersionUID = 1L;

              @Override
              @SuppressWarnings("serial")
              public T deserialize(JsonParser in, DeserializationContext context)
                  throws IOException {
                try {
                  return parse.apply(in.getText());
                } catch (java.time.DateTimeException e) {
                  return type.cast(
                      context.handleWeirdStringValue(type, in.getText(), "%s", e.getMessage()));
                }
              }
            });
  }
}
