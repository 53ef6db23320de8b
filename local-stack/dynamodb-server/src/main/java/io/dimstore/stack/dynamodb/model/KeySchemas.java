// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.dynamodb.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimstore.stack.dynamodb.http.Answer;
import io.dimstore.stack.dynamodb.http.Json;
import io.dimstore.stack.dynamodb.http.Request;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Remembers the key attributes of tables. Thread-safe. */
final class KeySchemas {

  private final Map<String, List<String>> known = new ConcurrentHashMap<>();

  /**
   * Returns the names of a table's key attributes, the partition key first; none if the table does
   * not exist.
   *
   * @param request any request, for its credentials
   */
  List<String> of(String table, Request request, Rule.Server server) throws IOException {
    List<String> names = known.get(table);
    if (names != null) {
      return names;
    }
    ObjectNode named = Json.object().put("TableName", table);
    Answer described = server.answer(request.to("DescribeTable", Json.write(named)));
    List<String> found =
        Json.read(described.body())
            .path("Table")
            .path("KeySchema")
            .findValuesAsText("AttributeName");
    if (!found.isEmpty()) {
      known.put(table, found);
    }
    return found;
  }

  /** Forgets a table that may have been deleted and created again with another key. */
  void forget(String table) {
    known.remove(table);
  }
}
