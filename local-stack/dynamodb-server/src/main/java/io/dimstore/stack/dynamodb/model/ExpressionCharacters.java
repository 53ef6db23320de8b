// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.dynamodb.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.dimstore.stack.dynamodb.http.Answer;
import io.dimstore.stack.dynamodb.http.Json;
import io.dimstore.stack.dynamodb.http.Request;
import java.io.IOException;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Refuses an expression with a character outside of ASCII, as the service does: such a name needs a
 * placeholder. The process of dynoxide ends at the character instead.
 */
final class ExpressionCharacters implements Rule {

  @Override
  public boolean concerns(Request request) {
    byte[] body = request.body();
    for (int i = 0; i < body.length; i++) {
      if (body[i] < 0 || (body[i] == '\\' && i + 1 < body.length && body[i + 1] == 'u')) {
        return true;
      }
    }
    return false;
  }

  @Override
  public Answer answer(Request request, Server server) throws IOException {
    String refusal = refusal(Json.read(request.body()));
    return refusal == null ? server.answer(request) : Answer.invalid(refusal);
  }

  private static @Nullable String refusal(JsonNode node) {
    for (Iterator<Map.Entry<String, JsonNode>> fields = node.fields(); fields.hasNext(); ) {
      Map.Entry<String, JsonNode> field = fields.next();
      JsonNode value = field.getValue();
      String found =
          field.getKey().endsWith("Expression") && value.isTextual()
              ? refusal(field.getKey(), value.textValue())
              : refusal(value);
      if (found != null) {
        return found;
      }
    }
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      String found = refusal(node.get(i));
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static @Nullable String refusal(String kind, String expression) {
    for (int i = 0; i < expression.length(); i++) {
      if (expression.charAt(i) > 126) {
        String token = expression.substring(i, expression.offsetByCodePoints(i, 1));
        return "Invalid " + kind + ": Syntax error; token: \"" + token + "\"";
      }
    }
    return null;
  }
}
