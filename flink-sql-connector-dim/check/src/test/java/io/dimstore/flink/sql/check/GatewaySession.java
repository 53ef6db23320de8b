// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.sql.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** A session of a SQL gateway, used through its REST interface. */
final class GatewaySession {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final String gateway;
  private final String path;

  private GatewaySession(String address) throws IOException, InterruptedException {
    this.gateway = "http://" + address;
    // INSERT has a result once all rows are written.
    JsonNode opened = post("/v2/sessions", Map.of("properties", Map.of("table.dml-sync", "true")));
    this.path = "/v2/sessions/" + opened.get("sessionHandle").asText();
  }

  /**
   * Opens a session.
   *
   * @param address host and port of the gateway
   */
  static GatewaySession open(String address) throws IOException, InterruptedException {
    return new GatewaySession(address);
  }

  /**
   * Runs a statement and returns all rows of its result.
   *
   * @throws AssertionError with the answer of the gateway if the statement fails
   */
  List<List<String>> run(String statement) throws IOException, InterruptedException {
    JsonNode started = post(path + "/statements", Map.of("statement", statement));
    String next =
        path
            + "/operations/"
            + started.get("operationHandle").asText()
            + "/result/0?rowFormat=JSON";
    List<List<String>> rows = new ArrayList<>();
    while (true) {
      JsonNode page = get(next);
      for (JsonNode row : page.path("results").path("data")) {
        List<String> values = new ArrayList<>();
        row.get("fields").forEach(value -> values.add(value.asText()));
        rows.add(values);
      }
      if (page.get("resultType").asText().equals("EOS")) {
        return rows;
      }
      next = page.get("nextResultUri").asText();
      LockSupport.parkNanos(50_000_000); // the gateway answers at once if there is no row yet
    }
  }

  private JsonNode post(String resource, Map<String, ?> body)
      throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(URI.create(gateway + resource))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
            .build());
  }

  private JsonNode get(String resource) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create(gateway + resource)).build());
  }

  private JsonNode send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new AssertionError(request + ": " + answer.body());
    }
    return JSON.readTree(answer.body());
  }
}
