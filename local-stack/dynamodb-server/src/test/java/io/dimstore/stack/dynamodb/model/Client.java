// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.dynamodb.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimstore.stack.dynamodb.http.Answer;
import io.dimstore.stack.dynamodb.http.HttpStream;
import io.dimstore.stack.dynamodb.http.Json;
import io.dimstore.stack.dynamodb.http.Request;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Sends requests to a server or a model, without a vendor's client in between. */
public final class Client {

  /** The status and the JSON of a response. */
  record Said(int status, JsonNode json) {

    String message() {
      return json.path("message").asText();
    }
  }

  private final URI server;

  public Client(String server) {
    this.server = URI.create(server);
  }

  /** Returns the JSON of a text in which each {@code `} stands for a quote. */
  static ObjectNode json(String text) {
    return Json.read(text.replace('`', '"').getBytes(StandardCharsets.UTF_8));
  }

  /** Sends a request in which each {@code `} stands for a quote. */
  Said call(String operation, String json) throws IOException {
    return call(operation, json, Map.of());
  }

  /** Sends a request with other headers; an empty value removes a header. */
  Said call(String operation, String json, Map<String, String> changed) throws IOException {
    Answer answer = answer(operation, json.replace('`', '"'), changed);
    return new Said(answer.status(), Json.read(answer.body()));
  }

  Answer answer(String operation, String json, Map<String, String> changed) throws IOException {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("host", server.getAuthority());
    headers.put("content-type", "application/x-amz-json-1.0");
    String service =
        operation.contains("Stream") || operation.contains("Shard") || operation.contains("Records")
            ? "DynamoDBStreams_20120810."
            : "DynamoDB_20120810.";
    headers.put("x-amz-target", service + operation);
    headers.put("x-amz-date", "20260101T000000Z");
    headers.put(
        "authorization",
        "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request,"
            + " SignedHeaders=host, Signature=0");
    headers.putAll(changed);
    headers.values().removeIf(String::isEmpty);
    try (HttpStream stream = HttpStream.connect(server)) {
      stream.write(new Request("POST / HTTP/1.1", headers, json.getBytes(StandardCharsets.UTF_8)));
      return stream.readAnswer();
    }
  }

  /** Creates a table with the text key {@code k}. */
  public void createTable(String name) throws IOException {
    createTable(name, "");
  }

  void createTable(String name, String more) throws IOException {
    Said said =
        call(
            "CreateTable",
            "{`TableName`:`"
                + name
                + "`,`AttributeDefinitions`:[{`AttributeName`:`k`,`AttributeType`:`S`}],"
                + "`KeySchema`:[{`AttributeName`:`k`,`KeyType`:`HASH`}],"
                + "`BillingMode`:`PAY_PER_REQUEST`"
                + more
                + "}");
    if (said.status() != 200) {
      throw new IOException(said.toString());
    }
  }

  /** Puts an item with the number {@code n}. */
  public void put(String table, String key, int n) throws IOException {
    call(
        "PutItem",
        "{`TableName`:`" + table + "`,`Item`:{`k`:{`S`:`" + key + "`},`n`:{`N`:`" + n + "`}}}");
  }

  public JsonNode get(String table, String key) throws IOException {
    return call("GetItem", "{`TableName`:`" + table + "`,`Key`:{`k`:{`S`:`" + key + "`}}}")
        .json()
        .path("Item");
  }

  /** Executes one statement of a batch and returns its response. */
  public JsonNode execute(String statement, String parameters) throws IOException {
    ObjectNode one = Json.object().put("Statement", statement);
    one.set("Parameters", json("{`p`:" + parameters + "}").get("p"));
    one.put("ReturnValuesOnConditionCheckFailure", "ALL_OLD");
    ObjectNode body = Json.object();
    body.putArray("Statements").add(one);
    Answer answer = answer("BatchExecuteStatement", body.toString(), Map.of());
    return Json.read(answer.body()).path("Responses").path(0);
  }
}
