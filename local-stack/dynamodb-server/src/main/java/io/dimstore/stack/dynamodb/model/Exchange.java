// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.dynamodb.model;

import io.dimstore.stack.dynamodb.http.Answer;
import io.dimstore.stack.dynamodb.http.HttpStream;
import io.dimstore.stack.dynamodb.http.Json;
import io.dimstore.stack.dynamodb.http.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One request at a {@link ServiceModel}, and the connection on which it came. */
public final class Exchange {

  private final Request request;
  private final HttpStream client;
  private final Rule.Server server;
  private final CountDownLatch closed;

  Exchange(Request request, HttpStream client, Rule.Server server, CountDownLatch closed) {
    this.request = request;
    this.client = client;
    this.server = server;
    this.closed = closed;
  }

  /** Returns the operation of the request, for instance BatchGetItem. */
  public String operation() {
    return request.operation();
  }

  /** Returns the header of this name, given in lower case; empty if it is missing. */
  public String header(String name) {
    return request.header(name);
  }

  /** Returns the body of the request. */
  public String text() {
    return request.text();
  }

  /**
   * Returns a part of the request's body, as JSON.
   *
   * @throws IllegalArgumentException if the body has no such field
   */
  public String field(String name) {
    var value = Json.read(request.body()).get(name);
    if (value == null) {
      throw new IllegalArgumentException("No field " + name + " in " + text());
    }
    return value.toString();
  }

  /** Sends the request to the server, and returns the response. */
  public Answer ask() throws IOException {
    return server.answer(request);
  }

  /** Sends another body with this operation to the server, and returns the response. */
  public Answer ask(String body) throws IOException {
    return server.answer(request.withBody(body.getBytes(StandardCharsets.UTF_8)));
  }

  /** Sends the response to the client. */
  public void answer(Answer answer) throws IOException {
    client.write(answer, answer.body().length, answer.body().length);
  }

  /** Sends the head, which declares this many bytes, and the first bytes of the body. */
  public void begin(Answer answer, int declared, int sent) throws IOException {
    client.write(answer, declared, sent);
  }

  /** Sends one more byte of the body. */
  public void drip() throws IOException {
    client.writeByte(' ');
  }

  /** Resets the connection, like a server that dies. Data in transit is lost. */
  public void reset() throws IOException {
    client.reset();
  }

  /** Waits until the client has closed the connection. */
  public void awaitEnd() throws IOException {
    client.awaitEnd();
  }

  /** Waits, or returns false early when the model ends. */
  public boolean pause(Duration duration) {
    try {
      return !closed.await(duration.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
