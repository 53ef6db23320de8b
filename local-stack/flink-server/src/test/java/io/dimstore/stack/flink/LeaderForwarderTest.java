// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LeaderForwarderTest {

  private static final Duration LONG = Duration.ofHours(1);

  /** A thread that reads from a socket or accepts one cannot be interrupted. */
  private static final int PATIENCE_MILLIS = 20_000;

  private final AtomicReference<Optional<Integer>> leader = new AtomicReference<>(Optional.empty());
  private ServerSocket first;
  private ServerSocket second;

  @BeforeEach
  void openPorts() throws IOException {
    first = listener();
    second = listener();
  }

  @AfterEach
  void closePorts() throws IOException {
    first.close();
    second.close();
  }

  @Test
  void connectionReachesTheLeaderAndCarriesAllBytesBothWaysToTheirEnds() throws Exception {
    byte[] sent = new byte[3 << 20];
    new Random(1).nextBytes(sent);
    leader.set(Optional.of(second.getLocalPort()));
    try (LeaderForwarder forwarder = LeaderForwarder.start(0, leader::get, LONG);
        Socket client = client(forwarder);
        Socket server = second.accept()) {
      CompletableFuture<byte[]> echoed = CompletableFuture.supplyAsync(() -> whole(client));
      CompletableFuture<Void> echo =
          CompletableFuture.runAsync(
              () -> {
                try {
                  server.getInputStream().transferTo(server.getOutputStream());
                  server.shutdownOutput();
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
      client.getOutputStream().write(sent);
      client.shutdownOutput();

      assertThat(Arrays.equals(echoed.get(30, TimeUnit.SECONDS), sent)).isTrue();
      echo.get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void connectionThatArrivesWithoutALeaderWaitsForTheNextOne() throws Exception {
    SynchronousQueue<Optional<Integer>> elections = new SynchronousQueue<>();
    try (LeaderForwarder forwarder = LeaderForwarder.start(0, () -> next(elections), LONG);
        Socket client = client(forwarder)) {
      client.getOutputStream().write('?');
      elections.put(Optional.empty());
      elections.put(Optional.of(closedPort())); // it has ended, and its successor is not known yet
      elections.put(Optional.of(first.getLocalPort()));
      try (Socket server = first.accept()) {
        assertThat(server.getInputStream().read()).isEqualTo('?');
        server.getOutputStream().write('!');
        assertThat(client.getInputStream().read()).isEqualTo('!');
      }
    }
  }

  @Test
  void connectionEndsWithItsLeaderAndTheNextOneReachesTheSuccessor() throws Exception {
    leader.set(Optional.of(first.getLocalPort()));
    try (LeaderForwarder forwarder = LeaderForwarder.start(0, leader::get, LONG);
        Socket client = client(forwarder)) {
      try (Socket server = first.accept()) {
        server.getOutputStream().write('1');
        assertThat(client.getInputStream().read()).isEqualTo('1');
      }
      assertThat(client.getInputStream().read()).isEqualTo(-1);

      leader.set(Optional.of(second.getLocalPort()));
      try (Socket next = client(forwarder);
          Socket server = second.accept()) {
        server.getOutputStream().write('2');
        assertThat(next.getInputStream().read()).isEqualTo('2');
      }
    }
  }

  @Test
  void connectionWithoutALeaderInTimeGetsStatus503() throws Exception {
    try (LeaderForwarder forwarder = LeaderForwarder.start(0, leader::get, Duration.ZERO);
        Socket client = client(forwarder)) {
      client
          .getOutputStream()
          .write("GET /overview HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

      assertThat(new String(whole(client), StandardCharsets.US_ASCII))
          .startsWith("HTTP/1.1 503 ")
          .endsWith("\r\n\r\n");
    }
  }

  private static Optional<Integer> next(SynchronousQueue<Optional<Integer>> elections) {
    try {
      return elections.take();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] whole(Socket socket) {
    try (InputStream in = socket.getInputStream()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static ServerSocket listener() throws IOException {
    ServerSocket socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = listener()) {
      return socket.getLocalPort();
    }
  }

  private static Socket client(LeaderForwarder forwarder) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), forwarder.port());
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }
}
