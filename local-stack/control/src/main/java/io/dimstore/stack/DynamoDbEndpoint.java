// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack;

import io.dimstore.stack.server.Endpoint;
import java.net.URI;

/**
 * Where clients of the local DynamoDB find it, and what they sign their requests with.
 *
 * @param endpoint the server's address
 */
public record DynamoDbEndpoint(Endpoint endpoint) {

  /** Returns the server's HTTP port. */
  public int port() {
    return endpoint.port();
  }

  /** Returns the URI for the client's endpoint override. */
  public URI uri() {
    return URI.create(address());
  }

  /** Returns the text of {@link #uri}. */
  public String address() {
    return endpoint.address();
  }

  /** Returns a region. The client requires one and the server ignores it. */
  public String region() {
    return endpoint.setting("region");
  }

  /** Returns a synthetic access key for signing requests. */
  public String accessKeyId() {
    return endpoint.setting("access-key");
  }

  /** Returns a synthetic secret key for signing requests. */
  public String secretAccessKey() {
    return endpoint.setting("secret-key");
  }
}
