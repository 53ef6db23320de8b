// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.dynamodb.http;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A request to DynamoDB.
 *
 * @param start the request line, for instance {@code POST / HTTP/1.1}
 * @param headers the headers by name in lower case
 * @param body the content, usually JSON
 */
public record Request(String start, Map<String, String> headers, byte[] body) {

  /** Returns a request with credentials that every local server takes. */
  public static Request of(URI server, String operation, String json) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("host", server.getAuthority());
    headers.put("content-type", "application/x-amz-json-1.0");
    headers.put("x-amz-target", "DynamoDB_20120810." + operation);
    headers.put("x-amz-date", "20260101T000000Z");
    headers.put(
        "authorization",
        "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request,"
            + " SignedHeaders=host, Signature=0");
    return new Request("POST / HTTP/1.1", headers, json.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns the operation, for instance {@code BatchGetItem}; empty if there is none. */
  public String operation() {
    String target = header("x-amz-target");
    return target.substring(target.indexOf('.') + 1);
  }

  /** Returns the header of this name, given in lower case; empty if it is missing. */
  public String header(String name) {
    return headers.getOrDefault(name, "");
  }

  public Request withBody(byte[] other) {
    return new Request(start, headers, other);
  }

  /** Returns a request of another operation, with the same credentials. */
  public Request to(String operation, byte[] other) {
    Map<String, String> changed = new LinkedHashMap<>(headers);
    changed.put("x-amz-target", "DynamoDB_20120810." + operation);
    return new Request(start, changed, other);
  }

  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }
}
