// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.dynamodb.model;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimstore.stack.dynamodb.http.Answer;
import io.dimstore.stack.dynamodb.http.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.function.UnaryOperator;

/** A fault of one request, with the messages and bytes of the real service. */
@FunctionalInterface
public interface Fault {

  /** Answers the request, or leaves it without an answer. */
  void play(Exchange exchange) throws IOException;

  /** The request is answered by the server. */
  static Fault none() {
    return exchange -> exchange.answer(exchange.ask());
  }

  /** The service refuses the request; the server does not get it. */
  static Fault error(int status, String code, String message) {
    return exchange -> exchange.answer(Answer.error(status, code, message));
  }

  /** The service throttles the request, and names the exceeded limits. */
  static Fault throttle(String code, String... reasons) {
    ObjectNode body =
        Json.object()
            .put("__type", "com.amazonaws.dynamodb.v20120810#" + code)
            .put("message", "Slow down");
    ArrayNode all =
        body.putArray(
            code.equals("ThrottlingException") ? "throttlingReasons" : "ThrottlingReasons");
    for (String reason : reasons) {
      all.addObject().put("reason", reason).put("resource", "arn:aws:dynamodb:::table/t");
    }
    return answer(400, body.toString());
  }

  /** The refusal of a request that was signed this much too early by the server's clock. */
  static Fault signedTooEarly(Duration by) {
    return exchange -> {
      Instant theirs = signedAt(exchange.header("x-amz-date")).plus(by);
      exchange.answer(
          Answer.of(
                  400,
                  Json.object()
                      .put("__type", "com.amazon.coral.service#InvalidSignatureException")
                      .put("message", "Signature expired")
                      .toString())
              .with(
                  "date",
                  DateTimeFormatter.RFC_1123_DATE_TIME.format(theirs.atOffset(ZoneOffset.UTC))));
    };
  }

  /** Returns the time of the signature of a request, from its header {@code x-amz-date}. */
  static Instant signedAt(String date) {
    return LocalDateTime.parse(date, DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'"))
        .toInstant(ZoneOffset.UTC);
  }

  /** Another response replaces the server's, which does not get the request. */
  static Fault answer(int status, String body) {
    return exchange -> exchange.answer(Answer.of(status, body));
  }

  /** The server executes the request, and its response is changed. */
  static Fault rewritten(UnaryOperator<String> change) {
    return exchange -> {
      Answer answer = exchange.ask();
      exchange.answer(answer.rewritten(change.apply(answer.text())));
    };
  }

  /** The connection breaks before the server gets the request. */
  static Fault reset() {
    return Exchange::reset;
  }

  /** The server executes the request, and the connection breaks before the response. */
  static Fault lostAnswer() {
    return exchange -> {
      exchange.ask();
      exchange.reset();
    };
  }

  /** The connection breaks in the middle of the response. */
  static Fault resetMidBody() {
    return exchange -> {
      Answer answer = exchange.ask();
      exchange.begin(answer, answer.body().length, answer.body().length / 2);
      exchange.reset();
    };
  }

  /** The response is late. */
  static Fault slow(Duration delay) {
    return exchange -> {
      Answer answer = exchange.ask();
      if (exchange.pause(delay)) {
        exchange.answer(answer);
      }
    };
  }

  /** The server does not get the request, and the connection stays open. */
  static Fault silence() {
    return Exchange::awaitEnd;
  }

  /** The response stops after half of its bytes. */
  static Fault halfThenSilence() {
    return exchange -> {
      Answer answer = exchange.ask();
      exchange.begin(answer, answer.body().length, answer.body().length / 2);
      exchange.awaitEnd();
    };
  }

  /**
   * After half of its bytes, the response continues with a byte from time to time, without a long
   * pause and without an end.
   */
  static Fault trickle() {
    return exchange -> {
      Answer answer = exchange.ask();
      exchange.begin(answer, 1_000_000, answer.body().length / 2);
      while (exchange.pause(Duration.ofMillis(50))) {
        exchange.drip();
      }
    };
  }

  /** The response has a wrong checksum. */
  static Fault wrongChecksum() {
    return exchange -> exchange.answer(exchange.ask().with("x-amz-crc32", "1"));
  }
}
