// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.relay;

/** A direction of the traffic through a {@link Relay}. */
public enum Direction {
  /** From the client to the server. */
  REQUESTS,
  /** From the server to the client. */
  ANSWERS
}
