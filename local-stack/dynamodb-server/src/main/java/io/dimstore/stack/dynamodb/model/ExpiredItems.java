// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.dynamodb.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimstore.stack.dynamodb.http.HttpStream;
import io.dimstore.stack.dynamodb.http.Json;
import io.dimstore.stack.dynamodb.http.Request;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Removes items some time after their expiry. The records in the table's stream name no service as
 * the one that removed them, as those of the service do.
 */
final class ExpiredItems {

  private static final long MILLIS_BETWEEN = 200;

  private final Duration delay;
  private final KeySchemas keys = new KeySchemas();

  ExpiredItems(Duration delay) {
    this.delay = delay;
  }

  /** Removes items until the latch opens. */
  void removeUntil(CountDownLatch closed, URI server) {
    try {
      while (!closed.await(MILLIS_BETWEEN, TimeUnit.MILLISECONDS)) {
        try (HttpStream stream = HttpStream.connect(server)) {
          remove(
              request -> {
                stream.write(request);
                return stream.readAnswer();
              },
              Request.of(server, "ListTables", "{}"));
        } catch (IOException e) {
          // The server is away. Its clients find out themselves.
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void remove(Rule.Server server, Request listTables) throws IOException {
    for (JsonNode name : Json.read(server.answer(listTables).body()).path("TableNames")) {
      ObjectNode table = Json.object().set("TableName", name);
      JsonNode described =
          ask(server, listTables, "DescribeTimeToLive", table).path("TimeToLiveDescription");
      if (described.path("TimeToLiveStatus").asText().equals("ENABLED")) {
        remove(server, listTables, table, described.path("AttributeName").asText());
      }
    }
  }

  private void remove(Rule.Server server, Request any, ObjectNode table, String attribute)
      throws IOException {
    long before = Instant.now().minus(delay).getEpochSecond();
    ObjectNode names = Json.object().put("#t", attribute);
    ObjectNode values = Json.object();
    values.putObject(":t").put("N", Long.toString(before));
    ObjectNode scan = table.deepCopy().put("FilterExpression", "#t < :t");
    scan.set("ExpressionAttributeNames", names);
    scan.set("ExpressionAttributeValues", values);
    List<String> keyNames = keys.of(table.path("TableName").asText(), any, server);
    for (JsonNode item : ask(server, any, "Scan", scan).path("Items")) {
      ObjectNode delete = table.deepCopy().put("ConditionExpression", "#t < :t");
      delete.set("ExpressionAttributeNames", names);
      delete.set("ExpressionAttributeValues", values);
      ObjectNode key = delete.putObject("Key");
      keyNames.forEach(name -> key.set(name, item.get(name)));
      ask(server, any, "DeleteItem", delete);
    }
  }

  private static ObjectNode ask(Rule.Server server, Request any, String operation, ObjectNode body)
      throws IOException {
    return Json.read(server.answer(any.to(operation, Json.write(body))).body());
  }
}
