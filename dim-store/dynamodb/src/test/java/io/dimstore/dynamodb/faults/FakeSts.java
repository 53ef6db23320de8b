// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.faults;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Replaces AWS STS in tests: returns temporary credentials in the service's XML to every caller,
 * and notes the requests. It checks nothing.
 */
public final class FakeSts implements AutoCloseable {

  /** A request: its parameters, and its Authorization header (empty if it is not signed). */
  public record Asked(Map<String, String> parameters, String authorization) {}

  public final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  private volatile Duration validity = Duration.ofHours(1);
  private volatile boolean denies;

  public FakeSts() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    server.createContext("/", this::serve);
    server.start();
  }

  public String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Sets the lifetime of later credentials. */
  public void lendFor(Duration time) {
    validity = time;
  }

  public void deny() {
    denies = true;
  }

  private void serve(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Map<String, String> parameters = new TreeMap<>();
    for (String pair : body.split("&")) {
      int equals = pair.indexOf('=');
      parameters.put(
          pair.substring(0, equals),
          URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
    }
    String signed = exchange.getRequestHeaders().getFirst("Authorization");
    asked.add(new Asked(parameters, signed == null ? "" : signed));
    byte[] answer =
        (denies ? denied() : lent(parameters.get("Action"))).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "text/xml");
    exchange.sendResponseHeaders(denies ? 403 : 200, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  private String lent(String action) {
    int number = asked.size();
    return "<"
        + action
        + "Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><"
        + action
        + "Result><Credentials><AccessKeyId>ASIALENT"
        + number
        + "</AccessKeyId><SecretAccessKey>lentsecret"
        + number
        + "</SecretAccessKey><SessionToken>lenttoken"
        + number
        + "</SessionToken><Expiration>"
        + Instant.now().plus(validity).truncatedTo(ChronoUnit.SECONDS)
        + "</Expiration></Credentials></"
        + action
        + "Result></"
        + action
        + "Response>";
  }

  private static String denied() {
    return "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error>"
        + "<Type>Sender</Type><Code>AccessDenied</Code><Message>not authorized to perform"
        + " sts:AssumeRole</Message></Error></ErrorResponse>";
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
