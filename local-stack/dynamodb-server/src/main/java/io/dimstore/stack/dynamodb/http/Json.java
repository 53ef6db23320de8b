// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.dynamodb.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/** Reads and writes JSON. */
public final class Json {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  public static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  /** Returns the object; an empty one if the bytes hold no object. */
  public static ObjectNode read(byte[] json) {
    try {
      JsonNode node = MAPPER.readTree(json);
      return node instanceof ObjectNode object ? object : object();
    } catch (IOException e) {
      // The server refuses the request and says why.
      return object();
    }
  }

  public static byte[] write(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A tree of JSON can always be written", e);
    }
  }
}
