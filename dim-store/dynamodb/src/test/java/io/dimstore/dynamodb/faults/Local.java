// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.faults;

import io.dimstore.stack.DynamoDbEndpoint;
import io.dimstore.stack.LocalStackExtension;
import java.util.Map;

/** The options to reach the local server in tests. */
public final class Local {

  private Local() {}

  public static Map<String, String> options(LocalStackExtension stack) {
    return options(stack.dynamoDb());
  }

  /** Returns the options to reach the server at this address. */
  public static Map<String, String> options(DynamoDbEndpoint endpoint) {
    return Map.of(
        "endpoint", endpoint.address(),
        // A busy machine must not fail a test.
        "deadline", "60 s",
        "attempt-timeout", "20 s",
        "region", endpoint.region(),
        "access-key", endpoint.accessKeyId(),
        "secret-key", endpoint.secretAccessKey());
  }
}
