// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.dynamodb.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.dimstore.stack.dynamodb.http.Answer;
import io.dimstore.stack.dynamodb.http.Json;
import io.dimstore.stack.dynamodb.http.Request;
import java.io.IOException;
import java.util.List;

/** Refuses statements of more than 8,192 characters, as the service does. */
final class StatementLength implements Rule {

  static final int MOST_CHARACTERS = 8192;

  @Override
  public boolean concerns(Request request) {
    return request.body().length > MOST_CHARACTERS && request.operation().contains("Statement");
  }

  @Override
  public Answer answer(Request request, Server server) throws IOException {
    List<JsonNode> statements = Json.read(request.body()).findValues("Statement");
    for (JsonNode statement : statements) {
      if (statement.isTextual() && statement.textValue().length() > MOST_CHARACTERS) {
        return Answer.invalid(
            "1 validation error detected: Value at 'statement' failed to satisfy constraint:"
                + " Member must have length less than or equal to "
                + MOST_CHARACTERS);
      }
    }
    return server.answer(request);
  }
}
