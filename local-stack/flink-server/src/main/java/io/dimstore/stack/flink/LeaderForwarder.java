// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.flink;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Forwards the HTTP connections of one port to the port of the leader. A connection that arrives
 * while there is no leader waits a while for the next one, and then gets status 503, as from a
 * JobManager that knows no leader. An open connection ends with its leader.
 */
final class LeaderForwarder implements AutoCloseable {

  private static final int BACKLOG = 100;
  private static final int CONNECT_MILLIS = 5_000;
  private static final int DRAIN_MILLIS = 2_000;
  private static final long POLL_MILLIS = 50;
  private static final byte[] UNAVAILABLE =
      "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
          .getBytes(StandardCharsets.US_ASCII);

  private final ServerSocket listener;
  private final Supplier<Optional<Integer>> leader;
  private final long patienceNanos;

  private LeaderForwarder(
      ServerSocket listener, Supplier<Optional<Integer>> leader, Duration patience) {
    this.listener = listener;
    this.leader = leader;
    this.patienceNanos = patience.toNanos();
  }

  /**
   * Starts to accept connections on loopback.
   *
   * @param port the port to listen at, or 0 for a free one
   * @param leader returns the port of the leader on loopback, or empty if there is none
   * @param patience how long a connection waits for a leader
   */
  static LeaderForwarder start(int port, Supplier<Optional<Integer>> leader, Duration patience)
      throws IOException {
    ServerSocket listener = new ServerSocket();
    listener.setReuseAddress(true);
    listener.bind(new InetSocketAddress(loopback(), port), BACKLOG);
    LeaderForwarder forwarder = new LeaderForwarder(listener, leader, patience);
    daemon("forward-accept", forwarder::accept);
    return forwarder;
  }

  /** Returns the port that it listens at. */
  int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        daemon("forward-requests", () -> forward(client));
      } catch (IOException e) {
        // The listener was closed, which ends the loop, or the client has given up.
      }
    }
  }

  private void forward(Socket client) {
    try (client;
        Socket server = connected()) {
      if (server == null) {
        refuse(client);
        return;
      }
      Thread answers = daemon("forward-answers", () -> pass(server, client));
      pass(client, server);
      answers.join();
    } catch (IOException e) {
      // Closing both sides is all that can be done.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns a connection to the leader, or null if there was none in time. */
  private @Nullable Socket connected() throws InterruptedException {
    long end = System.nanoTime() + patienceNanos;
    while (System.nanoTime() - end < 0 && !listener.isClosed()) {
      Optional<Integer> port = leader.get();
      if (port.isPresent()) {
        Socket server = new Socket();
        try {
          server.connect(new InetSocketAddress(loopback(), port.get()), CONNECT_MILLIS);
          return server;
        } catch (IOException e) {
          closeQuietly(server); // the leader has just ended
        }
      }
      Thread.sleep(POLL_MILLIS);
    }
    return null;
  }

  private static void refuse(Socket client) throws IOException {
    client.getOutputStream().write(UNAVAILABLE);
    client.shutdownOutput();
    // A socket that is closed with unread data resets its connection, and the answer may be lost.
    client.setSoTimeout(DRAIN_MILLIS);
    client.getInputStream().transferTo(OutputStream.nullOutputStream());
  }

  /** Passes on what one side sends, and its end. Closes both if one of them fails. */
  private static void pass(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      closeQuietly(from);
      closeQuietly(to);
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is of no use any more.
    }
  }

  private static Thread daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static InetAddress loopback() {
    return InetAddress.getLoopbackAddress();
  }

  /** Stops accepting connections. Open connections go on. */
  @Override
  public void close() throws IOException {
    listener.close();
  }
}
