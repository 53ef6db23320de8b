package io.dimstore.stack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Free ports on loopback. They are drawn from below the range out of which systems give ports to
 * outgoing connections, so that none of those takes one before its server does.
 */
final class Ports {

  private static final int FIRST = 15_000;
  private static final int LAST = 32_000;
  private static final int TRIES = 1_000;

  private final Set<Integer> given = new HashSet<>();

  /** A port that is free now and was not given before by this object. */
  synchronized int free() {
    for (int i = 0; i < TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
      if (isFree(port) && given.add(port)) {
        return port;
      }
    }
    throw new StackException("No free port between " + FIRST + " and " + LAST + " on 127.0.0.1.");
  }

  /** Such a port, with another one this much above it that is free and not given either. */
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

  static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
