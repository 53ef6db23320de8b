// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests each fault of the relay between plain sockets. */
class RelayTest {

  private static final int PATIENCE_MILLIS = 30_000;
  private static final int NOTHING_MILLIS = 100;

  private ServerSocket listener;
  private Relay relay;

  @BeforeEach
  void open() throws IOException {
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    relay = Relay.to(listener.getLocalPort());
  }

  @AfterEach
  void close() throws IOException {
    relay.close();
    listener.close();
  }

  /** The client's socket and the server's socket of one connection. */
  private record Ends(Socket client, Socket server) {}

  private Ends connect() throws IOException {
    Socket client = new Socket();
    client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), relay.port()));
    client.setSoTimeout(PATIENCE_MILLIS);
    Socket server = listener.accept();
    server.setSoTimeout(PATIENCE_MILLIS);
    return new Ends(client, server);
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String receive(Socket socket, int length) throws IOException {
    return new String(socket.getInputStream().readNBytes(length), StandardCharsets.ISO_8859_1);
  }

  private static void assertSilent(Socket socket) throws IOException {
    socket.setSoTimeout(NOTHING_MILLIS);
    assertThatThrownBy(() -> socket.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
    socket.setSoTimeout(PATIENCE_MILLIS);
  }

  private static void assertReset(Socket socket) {
    assertThatThrownBy(() -> socket.getInputStream().read())
        .isInstanceOf(SocketException.class)
        .hasMessageContaining("reset");
  }

  private static void until(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - end).as("Still waiting for: " + what).isNegative();
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  void withoutFaultBytesAndEndsArePassedOn() throws IOException {
    Ends ends = connect();
    send(ends.client, "ask");
    assertThat(receive(ends.server, 3)).isEqualTo("ask");
    ends.client.shutdownOutput();
    assertThat(ends.server.getInputStream().read()).isEqualTo(-1);
    send(ends.server, "answer");
    ends.server.close();
    assertThat(receive(ends.client, 7)).isEqualTo("answer");
    until("the relay to have let go", () -> relay.connections().isEmpty());
  }

  @Test
  void aResetPassesAsAReset() throws IOException {
    Ends ends = connect();
    ends.client.setSoLinger(true, 0);
    ends.client.close();
    assertReset(ends.server);
    until("the relay to have let go", () -> relay.connections().isEmpty());
  }

  @Test
  void aClientIsResetWhereTheServerIsAway() throws IOException {
    listener.close();
    Socket client = new Socket(InetAddress.getLoopbackAddress(), relay.port());
    assertReset(client);
  }

  /** Two pieces sent together also arrive together: the delay does not limit the rate. */
  @Test
  void aDelayHoldsEachPieceFromItsArrivalAndKeepsTheOrder() throws IOException {
    relay.delay(Duration.ofMillis(200));
    Ends ends = connect();
    long start = System.nanoTime();
    for (int i = 0; i < 50; i++) {
      send(ends.client, "%02d".formatted(i));
      LockSupport.parkNanos(1_000_000);
    }
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 50; i++) {
      expected.append("%02d".formatted(i));
    }
    assertThat(receive(ends.server, 1)).isEqualTo("0");
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(200_000_000);
    assertThat("0" + receive(ends.server, 99)).isEqualTo(expected.toString());
    assertThat(System.nanoTime() - start).isLessThan(50 * 200_000_000L);
    long answered = System.nanoTime();
    send(ends.server, "answer");
    assertThat(receive(ends.client, 6)).isEqualTo("answer");
    assertThat(System.nanoTime() - answered).isGreaterThanOrEqualTo(200_000_000);
  }

  @Test
  void aDelayCanBeTakenBackForWhatWaits() throws IOException {
    relay.delay(Direction.REQUESTS, Duration.ofHours(1));
    Ends ends = connect();
    send(ends.client, "ask");
    assertSilent(ends.server);
    relay.delay(Direction.REQUESTS, Duration.ZERO);
    assertThat(receive(ends.server, 3)).isEqualTo("ask");
  }

  @Test
  void frozenItAcceptsAndPassesOnNothingUntilResumed() throws IOException {
    Ends before = connect();
    relay.freeze();
    Ends after = connect();
    for (Ends ends : new Ends[] {before, after}) {
      send(ends.client, "ask");
      send(ends.server, "answer");
      assertSilent(ends.server);
      assertSilent(ends.client);
    }
    relay.resume();
    for (Ends ends : new Ends[] {before, after}) {
      assertThat(receive(ends.server, 3)).isEqualTo("ask");
      assertThat(receive(ends.client, 6)).isEqualTo("answer");
    }
  }

  @Test
  void oneWayTheOtherDirectionPasses() throws IOException {
    Ends ends = connect();
    relay.stop(Direction.ANSWERS);
    send(ends.client, "ask");
    assertThat(receive(ends.server, 3)).isEqualTo("ask");
    send(ends.server, "answer");
    assertSilent(ends.client);
    relay.resume();
    assertThat(receive(ends.client, 6)).isEqualTo("answer");
    relay.stop(Direction.REQUESTS);
    send(ends.server, "news");
    assertThat(receive(ends.client, 4)).isEqualTo("news");
    send(ends.client, "ask");
    assertSilent(ends.server);
    until("the request to wait", () -> relay.waiting(Direction.REQUESTS) == 3);
  }

  @Test
  void oneConnectionCanBeStoppedAlone() throws IOException {
    Ends stopped = connect();
    relay.connections().get(0).stop(Direction.REQUESTS);
    Ends other = connect();
    send(stopped.client, "ask");
    send(other.client, "ask");
    assertThat(receive(other.server, 3)).isEqualTo("ask");
    assertSilent(stopped.server);
  }

  @Test
  void afterAPeerVanishedItsConnectionSeemsOpenAndNewOnesWork() throws IOException {
    Ends ends = connect();
    send(ends.client, "ask");
    assertThat(receive(ends.server, 3)).isEqualTo("ask");
    relay.vanish();
    send(ends.client, "more");
    send(ends.server, "answer");
    assertSilent(ends.client);
    assertSilent(ends.server);
    ends.client.close();
    assertSilent(ends.server);
    Ends other = connect();
    send(other.client, "ask");
    assertThat(receive(other.server, 3)).isEqualTo("ask");
  }

  @Test
  void aServerSideThatIsCutLeavesTheClientConnected() throws IOException {
    Ends ends = connect();
    relay.cutServers();
    assertReset(ends.server);
    send(ends.client, "ask");
    assertSilent(ends.client);
  }

  @Test
  void aGateDeliversARequestAfterItsClientWasCut() throws Exception {
    try (RelayGate gate = RelayGate.holding("second")) {
      relay.hold(Direction.REQUESTS, gate);
      Ends ends = connect();
      send(ends.client, "first.");
      assertThat(receive(ends.server, 6)).isEqualTo("first.");
      send(ends.client, "second.");
      gate.awaitHeld();
      assertSilent(ends.server);
      relay.cutClients();
      assertReset(ends.client);
      assertSilent(ends.server);
      gate.open();
      assertThat(receive(ends.server, 7)).isEqualTo("second.");
      // The server can still send an answer, and no reset tells it that the client has
      // disconnected.
      send(ends.server, "answer");
      assertSilent(ends.server);
    }
  }

  @Test
  void aGateDeliversARequestAfterItsClientHasClosed() throws Exception {
    try (RelayGate gate = RelayGate.holding("ask")) {
      relay.hold(Direction.REQUESTS, gate);
      Ends ends = connect();
      send(ends.client, "ask");
      gate.awaitHeld();
      ends.client.setSoLinger(true, 0);
      ends.client.close();
      assertSilent(ends.server);
      gate.open();
      assertThat(receive(ends.server, 3)).isEqualTo("ask");
      assertSilent(ends.server);
    }
  }

  @Test
  void whatWaitsForAStoppedDirectionIsDeliveredAfterItsClientHasClosed() throws IOException {
    Ends ends = connect();
    relay.stop(Direction.REQUESTS);
    send(ends.client, "ask");
    until("the request to wait", () -> relay.waiting(Direction.REQUESTS) == 3);
    ends.client.close();
    assertSilent(ends.server);
    relay.resume();
    assertThat(receive(ends.server, 3)).isEqualTo("ask");
    assertSilent(ends.server);
  }

  @Test
  void aCutResetsBothSides() throws IOException {
    Ends ends = connect();
    relay.cut();
    assertReset(ends.client);
    assertReset(ends.server);
    connect();
    assertThat(relay.accepted()).isEqualTo(2);
  }

  @Test
  void newConnectionsAreRefusedAndOpenOnesWork() throws IOException {
    Ends ends = connect();
    relay.refuse();
    assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), relay.port()))
        .isInstanceOf(ConnectException.class);
    send(ends.client, "ask");
    assertThat(receive(ends.server, 3)).isEqualTo("ask");
    relay.accept();
    connect();
  }

  @Test
  void healedNewAndOpenConnectionsPass() throws IOException {
    Ends ends = connect();
    relay.freeze();
    relay.delay(Duration.ofHours(1));
    relay.refuse();
    send(ends.client, "ask");
    relay.heal();
    assertThat(receive(ends.server, 3)).isEqualTo("ask");
    Ends other = connect();
    send(other.client, "ask");
    assertThat(receive(other.server, 3)).isEqualTo("ask");
  }

  @Test
  void aFloodFillsTheSocketsAndNotTheMemory() throws Exception {
    relay.stop(Direction.REQUESTS);
    Ends ends = connect();
    byte[] flood = new byte[64 << 20];
    CompletableFuture<Void> sending =
        CompletableFuture.runAsync(
            () -> {
              try {
                ends.client.getOutputStream().write(flood);
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    until("a full relay", () -> relay.waiting(Direction.REQUESTS) >= Pipe.LIMIT);
    assertThat(relay.waiting(Direction.REQUESTS)).isLessThanOrEqualTo(Pipe.LIMIT + (1 << 16));
    assertThat(sending).isNotDone();
    relay.resume();
    assertThat(ends.server.getInputStream().readNBytes(flood.length)).hasSize(flood.length);
    sending.get(30, TimeUnit.SECONDS);
  }

  /** Covers a gate that was never opened, too. */
  @Test
  void aCloseEndsConnectionsAndThreads() throws Exception {
    RelayGate gate = RelayGate.holding("ask");
    relay.hold(Direction.REQUESTS, gate);
    Ends ends = connect();
    send(ends.client, "ask");
    gate.awaitHeld();
    relay.close();
    assertReset(ends.client);
    assertReset(ends.server);
    until(
        "no thread",
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("relay")));
  }
}
