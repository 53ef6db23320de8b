// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.dynamodb.model;

import io.dimstore.stack.dynamodb.http.Answer;
import io.dimstore.stack.dynamodb.http.Request;
import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;

/** Leaves a random share of each batch unprocessed, but never all of it. */
final class UnprocessedParts implements Rule {

  private final double share;

  UnprocessedParts(double share) {
    this.share = share;
  }

  @Override
  public boolean concerns(Request request) {
    return Batches.isBatch(request);
  }

  @Override
  public Answer answer(Request request, Server server) throws IOException {
    boolean[] first = {true};
    return Batches.answer(
        request,
        (table, part) -> {
          boolean leaves = !first[0] && ThreadLocalRandom.current().nextDouble() < share;
          first[0] = false;
          return leaves;
        },
        Answer.invalid("an empty batch"),
        server);
  }
}
