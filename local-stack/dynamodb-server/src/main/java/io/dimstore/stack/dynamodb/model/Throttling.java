// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.dynamodb.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimstore.stack.dynamodb.http.Answer;
import io.dimstore.stack.dynamodb.http.Json;
import io.dimstore.stack.dynamodb.http.Request;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what exceeds the capacity of a table or of a partition. A batch is executed in part, and
 * each statement of a batch has its own outcome. Transactions are not limited.
 */
final class Throttling implements Rule {

  private static final Set<String> SINGLE =
      Set.of("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan");
  private static final Set<String> READS = Set.of("GetItem", "Query", "Scan");

  private final ServiceCapacity capacity;
  private final KeySchemas keys;

  Throttling(ServiceCapacity capacity, KeySchemas keys) {
    this.capacity = capacity;
    this.keys = keys;
  }

  @Override
  public boolean concerns(Request request) {
    String operation = request.operation();
    return SINGLE.contains(operation)
        || Batches.isBatch(request)
        || operation.equals("BatchExecuteStatement");
  }

  @Override
  public Answer answer(Request request, Server server) throws IOException {
    if (Batches.isBatch(request)) {
      return batch(request, server);
    }
    return SINGLE.contains(request.operation())
        ? single(request, server)
        : statements(request, server);
  }

  private Answer single(Request request, Server server) throws IOException {
    ObjectNode body = Json.read(request.body());
    String table = body.path("TableName").asText();
    boolean read = READS.contains(request.operation());
    JsonNode item = body.has("Key") ? body.get("Key") : body.path("Item");
    JsonNode key = item.isObject() ? partitionKey(table, item, request, server) : null;
    boolean strong = body.path("ConsistentRead").asBoolean();
    double units = read ? (strong ? 1 : 0.5) : ServiceCapacity.writeUnits(item);
    ServiceCapacity.Limit limit = capacity.take(table, key, !read, units);
    if (limit != null) {
      return limit.refusal(table);
    }
    Answer answer = server.answer(request);
    if (read && answer.status() == 200) {
      ObjectNode said = Json.read(answer.body());
      double needed =
          said.has("Item") ? ServiceCapacity.readUnits(said.get("Item"), strong) : units;
      // A page is charged by the sum of its items; each is a value of the list.
      needed = said.has("Items") ? pageUnits(said.get("Items"), strong) : needed;
      capacity.charge(table, key, false, Math.max(0, needed - units));
    }
    return answer;
  }

  private static double pageUnits(JsonNode items, boolean strong) {
    double fractions = 0;
    for (JsonNode item : items) {
      fractions += ServiceCapacity.bytes(item) / 4096.0;
    }
    double units = Math.max(1, Math.ceil(fractions));
    return strong ? units : units / 2;
  }

  private Answer batch(Request request, Server server) throws IOException {
    boolean read = Batches.isRead(request);
    ObjectNode requested = Json.read(request.body()).withObject("/RequestItems");
    ServiceCapacity.Limit[] reached = {null};
    String[] throttled = {""};
    Batches.Choice choice =
        (table, part) -> {
          JsonNode item = read ? part : written(part);
          JsonNode key = partitionKey(table, item, request, server);
          double units =
              read ? (isStrong(requested, table) ? 1 : 0.5) : ServiceCapacity.writeUnits(item);
          ServiceCapacity.Limit limit = capacity.take(table, key, !read, units);
          if (limit != null) {
            reached[0] = limit;
            throttled[0] = table;
          }
          return limit != null;
        };
    Answer answer =
        Batches.answer(
            request,
            choice,
            // Only returned if nothing is processed, after the choices were made.
            Answer.of(200, "{}"),
            server);
    if (reached[0] != null && answer.text().equals("{}")) {
      return reached[0].refusal(throttled[0]);
    }
    if (read && answer.status() == 200) {
      chargeItems(Json.read(answer.body()).path("Responses"), requested, request, server);
    }
    return answer;
  }

  private void chargeItems(JsonNode responses, ObjectNode requested, Request request, Server server)
      throws IOException {
    for (Iterator<Map.Entry<String, JsonNode>> tables = responses.fields(); tables.hasNext(); ) {
      Map.Entry<String, JsonNode> table = tables.next();
      boolean strong = isStrong(requested, table.getKey());
      for (JsonNode item : table.getValue()) {
        double more = ServiceCapacity.readUnits(item, strong) - (strong ? 1 : 0.5);
        if (more > 0) {
          JsonNode key = partitionKey(table.getKey(), item, request, server);
          capacity.charge(table.getKey(), key, false, more);
        }
      }
    }
  }

  private static boolean isStrong(ObjectNode requested, String table) {
    return requested.path(table).path("ConsistentRead").asBoolean();
  }

  private static JsonNode written(JsonNode part) {
    return part.has("PutRequest")
        ? part.get("PutRequest").path("Item")
        : part.path("DeleteRequest").path("Key");
  }

  private Answer statements(Request request, Server server) throws IOException {
    ObjectNode body = Json.read(request.body());
    JsonNode all = body.path("Statements");
    ArrayNode admitted = Json.array();
    List<@Nullable ObjectNode> refusals = new ArrayList<>();
    for (JsonNode one : all) {
      ObjectNode refusal = refusal(one, request, server);
      refusals.add(refusal);
      if (refusal == null) {
        admitted.add(one);
      }
    }
    if (admitted.size() == all.size()) {
      return server.answer(request);
    }
    ObjectNode said = Json.object();
    Answer answer = Answer.of(200, "{}");
    if (!admitted.isEmpty()) {
      body.set("Statements", admitted);
      answer = server.answer(request.withBody(Json.write(body)));
      if (answer.status() != 200) {
        return answer;
      }
      said = Json.read(answer.body());
    }
    Iterator<JsonNode> executed = said.path("Responses").iterator();
    ArrayNode responses = Json.array();
    for (ObjectNode refusal : refusals) {
      responses.add(refusal != null ? refusal : executed.next());
    }
    said.set("Responses", responses);
    return answer.rewritten(said.toString());
  }

  /** Returns the response to a statement that is throttled, or null if it may be executed. */
  private @Nullable ObjectNode refusal(JsonNode one, Request request, Server server)
      throws IOException {
    Statement statement = Statement.of(one.path("Statement").asText());
    String table = statement.table();
    if (table == null) {
      return null;
    }
    JsonNode parameters = one.path("Parameters");
    List<String> names = keys.of(table, request, server);
    ObjectNode key = names.isEmpty() ? null : statement.key(names.subList(0, 1), parameters);
    ServiceCapacity.Limit limit =
        capacity.take(
            table,
            key == null ? null : key.get(names.get(0)),
            !statement.isSelect(),
            ServiceCapacity.writeUnits(parameters));
    if (limit == null) {
      return null;
    }
    ObjectNode response = Json.object().put("TableName", table);
    response
        .putObject("Error")
        .put("Code", limit.code)
        .put("Message", "Throughput exceeds the current capacity: " + limit.reason);
    return response;
  }

  private @Nullable JsonNode partitionKey(
      String table, JsonNode item, Request request, Server server) throws IOException {
    List<String> names = keys.of(table, request, server);
    return names.isEmpty() ? null : item.get(names.get(0));
  }
}
