// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.dynamodb.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimstore.stack.dynamodb.http.Answer;
import io.dimstore.stack.dynamodb.http.Json;
import io.dimstore.stack.dynamodb.http.Request;
import java.io.IOException;

/** Refuses an UpdateTimeToLive that changes nothing, as the service does. */
final class RepeatedTimeToLive implements Rule {

  @Override
  public boolean concerns(Request request) {
    return request.operation().equals("UpdateTimeToLive");
  }

  @Override
  public synchronized Answer answer(Request request, Server server) throws IOException {
    ObjectNode wanted = Json.read(request.body());
    ObjectNode table = Json.object().set("TableName", wanted.path("TableName"));
    Answer answer = server.answer(request.to("DescribeTimeToLive", Json.write(table)));
    JsonNode present = Json.read(answer.body()).path("TimeToLiveDescription");
    JsonNode change = wanted.path("TimeToLiveSpecification");
    boolean enabled = present.path("TimeToLiveStatus").asText().equals("ENABLED");
    if (answer.status() == 200 && enabled == change.path("Enabled").asBoolean()) {
      String name = present.path("AttributeName").asText();
      if (!enabled) {
        return Answer.invalid("TimeToLive is already disabled");
      }
      return Answer.invalid(
          name.equals(change.path("AttributeName").asText())
              ? "TimeToLive is already enabled"
              : "TimeToLive is active on a different AttributeName: current AttributeName is "
                  + name);
    }
    return server.answer(request);
  }
}
