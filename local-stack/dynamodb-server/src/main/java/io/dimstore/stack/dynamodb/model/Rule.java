// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.dynamodb.model;

import io.dimstore.stack.dynamodb.http.Answer;
import io.dimstore.stack.dynamodb.http.Request;
import java.io.IOException;

/**
 * Something that the service does and the server behind the model does not. {@code
 * docs/dynamodb-servers.md} lists the rules. Implementations are thread-safe.
 */
interface Rule {

  /** Whatever answers requests: the server, or the rules before it. */
  @FunctionalInterface
  interface Server {

    /** Returns the response. Fails if the server does not give one. */
    Answer answer(Request request) throws IOException;
  }

  /**
   * Returns whether the rule may change this request or its response. Called for every request, so
   * it must not parse the body.
   */
  boolean concerns(Request request);

  /** Returns the response, for which it may ask the server any number of times. */
  Answer answer(Request request, Server server) throws IOException;
}
