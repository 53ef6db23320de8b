// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.dynamodb.model;

import io.dimstore.stack.dynamodb.http.Answer;
import io.dimstore.stack.dynamodb.http.Request;
import java.io.IOException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets ExtendDB finish each write before it gets the next one.
 *
 * <p>ExtendDB drops a request whose client has gone away, and with it the code that would end the
 * write transaction. The connection to its database stays in that transaction, and every later
 * write fails because the database is locked. A model forwards a whole request and waits for the
 * answer, whether or not its own client is still there, so no request is dropped.
 */
final class WholeRequests implements Rule {

  private final Lock writing = new ReentrantLock(true);

  @Override
  public boolean concerns(Request request) {
    return !request.operation().matches("(Get|BatchGet|Query|Scan|Describe|List).*");
  }

  @Override
  public Answer answer(Request request, Server server) throws IOException {
    writing.lock();
    try {
      return server.answer(request);
    } finally {
      writing.unlock();
    }
  }
}
