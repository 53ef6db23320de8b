// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.dynamodb.http;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * A response of DynamoDB.
 *
 * @param status the HTTP status
 * @param headers the headers by name in lower case, without those of the connection
 * @param body the content
 */
public record Answer(int status, Map<String, String> headers, byte[] body) {

  private static final String CHECKSUM = "x-amz-crc32";

  /** Returns a response with this JSON and its checksum. */
  public static Answer of(int status, String json) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    return new Answer(
        status,
        Map.of("content-type", "application/x-amz-json-1.0", CHECKSUM, checksum(body)),
        body);
  }

  /** Returns the response to a refused request. */
  public static Answer error(int status, String code, String message) {
    return of(
        status,
        Json.object()
            .put("__type", "com.amazonaws.dynamodb.v20120810#" + code)
            .put("message", message)
            .toString());
  }

  /** Returns the response to a request that the service's validation refuses. */
  public static Answer invalid(String message) {
    return of(
        400,
        Json.object()
            .put("__type", "com.amazon.coral.validate#ValidationException")
            .put("message", message)
            .toString());
  }

  /** Returns the response with one more header. */
  public Answer with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Answer(status, more, body);
  }

  /** Returns the response with another body and its checksum. */
  public Answer rewritten(String text) {
    byte[] other = text.getBytes(StandardCharsets.UTF_8);
    Map<String, String> rest = new LinkedHashMap<>(headers);
    rest.put(CHECKSUM, checksum(other));
    return new Answer(status, rest, other);
  }

  /** Returns the body as text. */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  private static String checksum(byte[] body) {
    CRC32 crc = new CRC32();
    crc.update(body);
    return Long.toString(crc.getValue());
  }
}
