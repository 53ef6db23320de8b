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
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
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
