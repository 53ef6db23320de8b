package io.dimstore.dynamodb;

import io.dimstore.dynamodb.Wire.Answer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** What becomes of one request on its way, in the words and bytes of the real service. */
@FunctionalInterface
interface WireFault {

  void play(Wire wire) throws IOException;

  static WireFault none() {
    return wire -> wire.answer(wire.ask());
  }

  /** The service's refusal; the server is not asked. */
  static WireFault error(int status, String code, String message) {
    return answer(
        status,
        "{\"__type\":\"com.amazonaws.dynamodb.v20120810#"
            + code
            + "\",\"message\":\""
            + message
            + "\"}");
  }

  /** A throttle that says what was exhausted. */
  static WireFault throttle(String code, String... reasons) {
    String field = code.equals("ThrottlingException") ? "throttlingReasons" : "ThrottlingReasons";
    return answer(
        400,
        Arrays.stream(reasons)
            .map(r -> "{\"reason\":\"" + r + "\",\"resource\":\"arn:aws:dynamodb:::table/t\"}")
            .collect(
                Collectors.joining(
                    ",",
                    "{\"__type\":\"com.amazonaws.dynamodb.v20120810#"
                        + code
                        + "\",\"message\":\"Slow down\",\""
                        + field
                        + "\":[",
                    "]}")));
  }

  /** The refusal of a request that was signed this much too early by the server's clock. */
  static WireFault signedTooEarly(Duration by) {
    return wire -> {
      Instant theirs = signedAt(wire.header("x-amz-date")).plus(by);
      wire.answer(
          Answer.of(
                  400,
                  "{\"__type\":\"com.amazon.coral.service#InvalidSignatureException\","
                      + "\"message\":\"Signature expired\"}")
              .with(
                  "date",
                  DateTimeFormatter.RFC_1123_DATE_TIME.format(theirs.atOffset(ZoneOffset.UTC))));
    };
  }

  /** When a request was signed, by its header {@code x-amz-date}. */
  static Instant signedAt(String date) {
    return LocalDateTime.parse(date, DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'"))
        .toInstant(ZoneOffset.UTC);
  }

  /** Some answer in place of the server's. */
  static WireFault answer(int status, String body) {
    return wire ->
        wire.answer(Answer.of(status, body).with("content-type", "application/x-amz-json-1.0"));
  }

  /** The server does what is asked, and its answer is changed. */
  static WireFault rewritten(UnaryOperator<String> change) {
    return wire -> {
      Answer answer = wire.ask();
      wire.answer(answer.rewritten(change.apply(answer.text())));
    };
  }

  /** The connection breaks before the server is asked. */
  static WireFault reset() {
    return Wire::reset;
  }

  /** The server does what is asked, and the connection breaks before it can say so. */
  static WireFault lostAnswer() {
    return wire -> {
      wire.ask();
      wire.reset();
    };
  }

  /** The connection breaks in the middle of the answer. */
  static WireFault resetMidBody() {
    return wire -> {
      Answer answer = wire.ask();
      wire.begin(answer, answer.body().length, answer.body().length / 2);
      wire.reset();
    };
  }

  /** The answer comes, but late. */
  static WireFault slow(Duration delay) {
    return wire -> {
      Answer answer = wire.ask();
      if (wire.pause(delay)) {
        wire.answer(answer);
      }
    };
  }

  /** The server is not asked, and the connection stays open. */
  static WireFault silence() {
    return Wire::awaitEnd;
  }

  /** Half of the answer, then silence. */
  static WireFault halfThenSilence() {
    return wire -> {
      Answer answer = wire.ask();
      wire.begin(answer, answer.body().length, answer.body().length / 2);
      wire.awaitEnd();
    };
  }

  /** Half of the answer, then a byte from time to time: no pause is long, and there is no end. */
  static WireFault trickle() {
    return wire -> {
      Answer answer = wire.ask();
      wire.begin(answer, 1_000_000, answer.body().length / 2);
      while (wire.pause(Duration.ofMillis(50))) {
        wire.drip();
      }
    };
  }

  /** An answer whose checksum does not fit. */
  static WireFault wrongChecksum() {
    return wire -> wire.answer(wire.ask().with("x-amz-crc32", "1"));
  }
}
