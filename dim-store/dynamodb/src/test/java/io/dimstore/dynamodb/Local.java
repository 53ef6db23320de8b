package io.dimstore.dynamodb;

import io.dimstore.stack.DynamoDbEndpoint;
import io.dimstore.stack.LocalStackExtension;
import java.util.Map;

/** How the tests reach DynamoDB Local. */
final class Local {

  private Local() {}

  static Map<String, String> options(LocalStackExtension stack) {
    DynamoDbEndpoint endpoint = stack.dynamoDb();
    return Map.of(
        "endpoint", endpoint.address(),
        // A busy machine is no failure of the store.
        "deadline", "60 s",
        "attempt-timeout", "20 s",
        "region", endpoint.region(),
        "access-key", endpoint.accessKeyId(),
        "secret-key", endpoint.secretAccessKey());
  }
}
