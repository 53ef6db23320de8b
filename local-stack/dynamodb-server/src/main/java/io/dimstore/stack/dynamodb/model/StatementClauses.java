// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.dynamodb.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimstore.stack.dynamodb.http.Answer;
import io.dimstore.stack.dynamodb.http.Json;
import io.dimstore.stack.dynamodb.http.Request;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Understands what the service documents for statements and dynoxide does not: a SET or REMOVE
 * clause for each attribute, and the stored item in the response when the condition fails.
 *
 * <p>The stored item is read after the statement failed. A write between the two is seen, which the
 * service excludes.
 */
final class StatementClauses implements Rule {

  private static final int MOST_REMEMBERED = 10_000;

  private final Map<String, Statement> statements = new ConcurrentHashMap<>();
  private final KeySchemas keys;

  StatementClauses(KeySchemas keys) {
    this.keys = keys;
  }

  @Override
  public boolean concerns(Request request) {
    String operation = request.operation();
    return operation.equals("BatchExecuteStatement") || operation.equals("ExecuteStatement");
  }

  @Override
  public Answer answer(Request request, Server server) throws IOException {
    ObjectNode body = Json.read(request.body());
    JsonNode batch = body.path("Statements");
    List<ObjectNode> all = new ArrayList<>();
    if (batch.isArray()) {
      batch.forEach(
          one -> {
            if (one instanceof ObjectNode object) {
              all.add(object);
            }
          });
    } else {
      all.add(body);
    }
    boolean changed = false;
    boolean wantsItem = false;
    List<Statement> read = new ArrayList<>(all.size());
    for (ObjectNode one : all) {
      String text = one.path("Statement").asText();
      Statement statement = statement(text);
      read.add(statement);
      if (!statement.joined().equals(text)) {
        one.put("Statement", statement.joined());
        changed = true;
      }
      wantsItem |= wantsItem(one);
    }
    Answer answer = server.answer(changed ? request.withBody(Json.write(body)) : request);
    if (!wantsItem || !answer.text().contains("ConditionalCheckFailed")) {
      return answer;
    }
    return batch.isArray()
        ? withItems(request, all, read, answer, server)
        : withItem(request, body, read.get(0), answer, server);
  }

  private static boolean wantsItem(ObjectNode statement) {
    return statement.path("ReturnValuesOnConditionCheckFailure").asText().equals("ALL_OLD");
  }

  private Statement statement(String text) {
    Statement known = statements.get(text);
    if (known == null) {
      if (statements.size() > MOST_REMEMBERED) {
        statements.clear();
      }
      known = Statement.of(text);
      statements.put(text, known);
    }
    return known;
  }

  private Answer withItems(
      Request request, List<ObjectNode> all, List<Statement> read, Answer answer, Server server)
      throws IOException {
    ObjectNode said = Json.read(answer.body());
    JsonNode responses = said.path("Responses");
    for (int i = 0; i < all.size() && i < responses.size(); i++) {
      if (responses.get(i).path("Error") instanceof ObjectNode error
          && error.path("Code").asText().equals("ConditionalCheckFailed")
          && wantsItem(all.get(i))) {
        JsonNode item = stored(request, read.get(i), all.get(i).path("Parameters"), server);
        if (item != null) {
          error.set("Item", item);
        }
      }
    }
    return answer.rewritten(said.toString());
  }

  private Answer withItem(
      Request request, ObjectNode body, Statement statement, Answer answer, Server server)
      throws IOException {
    JsonNode item = stored(request, statement, body.path("Parameters"), server);
    if (item == null) {
      return answer;
    }
    ObjectNode said = Json.read(answer.body());
    said.set("Item", item);
    return answer.rewritten(said.toString());
  }

  /** Returns the item that a statement concerns, or null if there is none. */
  private @Nullable JsonNode stored(
      Request request, Statement statement, JsonNode parameters, Server server) throws IOException {
    String table = statement.table();
    for (int attempt = 0; table != null && attempt < 2; attempt++) {
      List<String> names = keys.of(table, request, server);
      ObjectNode key = names.isEmpty() ? null : statement.key(names, parameters);
      if (key != null) {
        ObjectNode get = Json.object().put("TableName", table).put("ConsistentRead", true);
        get.set("Key", key);
        Answer answer = server.answer(request.to("GetItem", Json.write(get)));
        if (answer.status() == 200) {
          return Json.read(answer.body()).get("Item");
        }
      }
      keys.forget(table);
    }
    return null;
  }
}
