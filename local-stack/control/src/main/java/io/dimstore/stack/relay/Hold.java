// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.relay;

/**
 * Decides how long a {@link Relay} holds each piece. A piece is what one read of the socket
 * returned. Pieces need not correspond to the requests of a protocol.
 */
@FunctionalInterface
public interface Hold {

  /** Holds no piece. */
  Hold NONE = (piece, length) -> 0;

  /**
   * Returns for how many nanoseconds to hold the piece. The relay calls this after it has passed on
   * all earlier pieces, on a thread of that connection and direction. While the call blocks, the
   * piece and everything after it on the connection wait.
   *
   * @param piece the bytes, which must not be changed
   * @param length number of bytes that belong to the piece
   */
  long nanos(byte[] piece, int length);
}
