// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack;

/**
 * Where Redis's clients find it. It requires no password.
 *
 * @param port the server's port
 */
public record RedisEndpoint(int port) {

  /** Returns the host to connect to. */
  public String host() {
    return "127.0.0.1";
  }

  /** Returns host and port. */
  public String address() {
    return host() + ":" + port;
  }
}
