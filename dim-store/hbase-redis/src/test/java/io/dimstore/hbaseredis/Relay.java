package io.dimstore.hbaseredis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Stands between clients and a server on loopback. What comes in on a connection goes out in order,
 * each piece as late as the {@link Hold} says, so that one connection can be made to overtake
 * another.
 */
final class Relay implements AutoCloseable {

  /** How long to hold a piece of what a client or the server sends. */
  @FunctionalInterface
  interface Hold {

    Hold NONE = (piece, length) -> 0;

    long nanos(byte[] piece, int length);

    /** Holds some of the pieces, those with a script's name in them more often than others. */
    static Hold mostly(Scripts script, double share, int maxMicros, Random random) {
      return (piece, length) -> {
        boolean named = isCallOf(script, new String(piece, 0, length, StandardCharsets.ISO_8859_1));
        synchronized (random) {
          return random.nextDouble() < (named ? share : share / 10)
              ? TimeUnit.MICROSECONDS.toNanos(random.nextInt(maxMicros))
              : 0;
        }
      };
    }
  }

  /** Whether a piece has a script in it, by its name or, the first time, whole. */
  static boolean isCallOf(Scripts script, String piece) {
    return piece.contains(new String(script.sha(), StandardCharsets.ISO_8859_1))
        || piece.contains(new String(script.source(), StandardCharsets.ISO_8859_1));
  }

  private final ServerSocket listener;
  private final int target;
  private final Hold requests;
  private final Hold answers;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  /** A relay to a port of this machine. */
  Relay(int target, Hold requests, Hold answers) {
    this.target = target;
    this.requests = requests;
    this.answers = answers;
    try {
      this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Socket server = new Socket();
        open.add(client);
        open.add(server);
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
        start(() -> pump(client, server, requests));
        start(() -> pump(server, client, answers));
      } catch (IOException e) {
        // The server is away, or the relay is closed.
        cut();
      }
    }
  }

  private void pump(Socket from, Socket to, Hold hold) {
    byte[] piece = new byte[1 << 16];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
        long end = System.nanoTime() + hold.nanos(piece, length);
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
        out.write(piece, 0, length);
      }
    } catch (IOException e) {
      // One side has gone, and the other goes with it.
    } finally {
      open.remove(from);
      open.remove(to);
    }
  }

  /** Ends every connection at once. */
  void cut() {
    for (Socket socket : open) {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "relay");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cut();
  }
}
