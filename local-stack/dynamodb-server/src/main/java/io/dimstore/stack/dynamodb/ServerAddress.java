// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.dynamodb;

import io.dimstore.stack.dynamodb.program.NativeServer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;

/**
 * Checks the address of a DynamoDB server that the user runs. Reports and logs show such addresses,
 * so one with a place for a secret is refused, and no message repeats it.
 */
public final class ServerAddress {

  /** What an address has to be. */
  public static final String REMEDY =
      "must be an address such as http://127.0.0.1:8000, without a user, a query or a fragment";

  /** How long the server may take to accept a connection and to answer the first request. */
  public static final Duration LIMIT = Duration.ofSeconds(8);

  private ServerAddress() {}

  /**
   * Returns the address that a text has.
   *
   * @throws IllegalArgumentException if it has none; the message is {@link #REMEDY}
   */
  public static URI parse(String text) {
    URI address;
    try {
      address = URI.create(text.strip());
    } catch (IllegalArgumentException e) {
      // The cause would repeat the text.
      throw new IllegalArgumentException(REMEDY);
    }
    return checked(address);
  }

  /**
   * Returns the address.
   *
   * @throws IllegalArgumentException if it is not one that may be shown; the message is {@link
   *     #REMEDY}
   */
  public static URI checked(URI address) {
    if (address.getHost() == null
        || !String.valueOf(address.getScheme()).matches("(?i)https?")
        || address.getRawUserInfo() != null
        || address.getRawQuery() != null
        || address.getRawFragment() != null) {
      throw new IllegalArgumentException(REMEDY);
    }
    return address;
  }

  /**
   * Checks that a server answers at an address, within seconds.
   *
   * @throws IOException if none does; the message is for the user
   */
  public static void requireAnswer(URI address) throws IOException {
    try {
      NativeServer.requireAnswer(address, Math.toIntExact(LIMIT.toMillis() / 2));
    } catch (IOException e) {
      throw new IOException(
          "The DynamoDB server at "
              + address
              + ", named by --dynamodb-endpoint or "
              + DynamoDbServerMain.ENDPOINT
              + ", does not answer: "
              + e,
          e);
    }
  }
}
