// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.dynamodb.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimstore.stack.dynamodb.http.Answer;
import io.dimstore.stack.dynamodb.http.Json;
import io.dimstore.stack.dynamodb.http.Request;
import java.io.IOException;
import java.util.Iterator;
import java.util.Map;

/** Executes a part of a BatchGetItem or BatchWriteItem, and returns the rest as unprocessed. */
final class Batches {

  /** Decides about one key or one write of a batch. */
  @FunctionalInterface
  interface Choice {

    /** Returns whether this part of the batch is left unprocessed. */
    boolean leaves(String table, JsonNode part) throws IOException;
  }

  private Batches() {}

  static boolean isRead(Request request) {
    return request.operation().equals("BatchGetItem");
  }

  static boolean isBatch(Request request) {
    return isRead(request) || request.operation().equals("BatchWriteItem");
  }

  /**
   * Returns the response to a batch. If the choice leaves all of it, the server is not asked, and
   * {@code instead} is returned.
   */
  static Answer answer(Request request, Choice choice, Answer instead, Rule.Server server)
      throws IOException {
    boolean read = isRead(request);
    ObjectNode body = Json.read(request.body());
    ObjectNode asked = Json.object();
    ObjectNode left = Json.object();
    for (Iterator<Map.Entry<String, JsonNode>> tables = body.path("RequestItems").fields();
        tables.hasNext(); ) {
      Map.Entry<String, JsonNode> table = tables.next();
      JsonNode all = read ? table.getValue().path("Keys") : table.getValue();
      ArrayNode kept = Json.array();
      ArrayNode rest = Json.array();
      for (JsonNode part : all) {
        (choice.leaves(table.getKey(), part) ? rest : kept).add(part);
      }
      add(asked, table, kept, read);
      add(left, table, rest, read);
    }
    if (left.isEmpty()) {
      return server.answer(request);
    }
    if (asked.isEmpty()) {
      return instead;
    }
    body.set("RequestItems", asked);
    Answer answer = server.answer(request.withBody(Json.write(body)));
    if (answer.status() != 200) {
      return answer;
    }
    ObjectNode said = Json.read(answer.body());
    ObjectNode unprocessed = said.withObject(read ? "/UnprocessedKeys" : "/UnprocessedItems");
    merge(unprocessed, left, read);
    return answer.rewritten(said.toString());
  }

  private static void add(
      ObjectNode to, Map.Entry<String, JsonNode> table, ArrayNode parts, boolean read) {
    if (parts.isEmpty()) {
      return;
    }
    if (read && table.getValue() instanceof ObjectNode of) {
      to.set(table.getKey(), of.deepCopy().set("Keys", parts));
    } else {
      to.set(table.getKey(), parts);
    }
  }

  private static void merge(ObjectNode into, ObjectNode left, boolean read) {
    left.fields()
        .forEachRemaining(
            table -> {
              JsonNode present = into.get(table.getKey());
              if (present == null) {
                into.set(table.getKey(), table.getValue());
              } else if (read) {
                ArrayNode keys = present.withArray("/Keys");
                keys.addAll((ArrayNode) table.getValue().withArray("/Keys"));
              } else if (present instanceof ArrayNode list) {
                list.addAll((ArrayNode) table.getValue());
              }
            });
  }
}
