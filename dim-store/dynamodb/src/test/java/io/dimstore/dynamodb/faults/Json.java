// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.faults;

import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Formats attributes as DynamoDB's JSON with names in alphabetical order, as in the documentation.
 */
public final class Json {

  private Json() {}

  public static String of(Map<String, AttributeValue> item) {
    return new TreeMap<>(item)
        .entrySet().stream()
            .map(entry -> quote(entry.getKey()) + ":" + of(entry.getValue()))
            .collect(Collectors.joining(",", "{", "}"));
  }

  public static String of(AttributeValue value) {
    return switch (value.type()) {
      case S -> "{\"S\":" + quote(value.s()) + "}";
      case N -> "{\"N\":" + quote(value.n()) + "}";
      case B ->
          "{\"B\":" + quote(Base64.getEncoder().encodeToString(value.b().asByteArray())) + "}";
      case BOOL -> "{\"BOOL\":" + value.bool() + "}";
      case NUL -> "{\"NULL\":true}";
      case M -> "{\"M\":" + of(value.m()) + "}";
      case L -> value.l().stream().map(Json::of).collect(Collectors.joining(",", "{\"L\":[", "]}"));
      default -> throw new AssertionError("No column is a " + value.type());
    };
  }

  private static String quote(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
