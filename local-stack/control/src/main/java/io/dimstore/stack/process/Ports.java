// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.process;

import io.dimstore.stack.server.StackException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Draws free ports on loopback. They lie below the range from which systems assign ports to
 * outgoing connections, so that such a connection cannot take a port before its server does.
 */
public final class Ports {

  private static final int FIRST = 15_000;
  private static final int LAST = 32_000;
  private static final int TRIES = 1_000;

  private final Set<Integer> given = new HashSet<>();

  /** Returns a port that is free now and that this object has not returned before. */
  public synchronized int free() {
    for (int i = 0; i < TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
      if (isFree(port) && given.add(port)) {
        return port;
      }
    }
    throw new StackException("No free port between " + FIRST + " and " + LAST + " on 127.0.0.1.");
  }

  /**
   * Returns a port {@code p} that is free now, as is {@code p + above}. This object has returned
   * neither of the two before.
   */
  synchronized int freeWith(int above) {
    for (int i = 0; i < TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, LAST - above);
      int other = port + above;
      if (!given.contains(other) && isFree(port) && isFree(other) && given.add(port)) {
        given.add(other);
        return port;
      }
    }
    throw new StackException("No two free ports " + above + " apart on 127.0.0.1.");
  }

  public static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
