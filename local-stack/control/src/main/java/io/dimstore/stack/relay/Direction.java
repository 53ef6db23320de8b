package io.dimstore.stack.relay;

/** One of the two ways through a {@link Relay}. */
public enum Direction {
  /** From the client to the server. */
  REQUESTS,
  /** From the server to the client. */
  ANSWERS
}
