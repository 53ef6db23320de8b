// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.dynamodb.model;

import io.dimstore.stack.dynamodb.http.Answer;
import io.dimstore.stack.dynamodb.http.Request;
import java.io.IOException;
import java.time.Duration;

/** Makes each response late. */
final class Latency implements Rule {

  private final Duration delay;

  Latency(Duration delay) {
    this.delay = delay;
  }

  @Override
  public boolean concerns(Request request) {
    return true;
  }

  @Override
  public Answer answer(Request request, Server server) throws IOException {
    Answer answer = server.answer(request);
    try {
      Thread.sleep(delay.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return answer;
  }
}
