package io.dimstore.stack.relay;

/**
 * Decides for each piece that passes a {@link Relay} how long it is held. A piece is what one read
 * of the socket returned: pieces need not agree with the requests of a protocol.
 */
@FunctionalInterface
public interface Hold {

  /** Holds nothing. */
  Hold NONE = (piece, length) -> 0;

  /**
   * Returns for how many nanoseconds the piece is held. It is asked when all that came before has
   * been passed on, on a thread of that connection and direction: while it blocks, the piece and
   * all that follows on the connection wait.
   *
   * @param piece the bytes, which must not be changed
   * @param length how many of them belong to the piece
   */
  long nanos(byte[] piece, int length);
}
