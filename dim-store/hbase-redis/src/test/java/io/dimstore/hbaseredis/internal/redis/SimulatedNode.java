// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** A fake server that implements as much of the Redis protocol as a cluster node needs. */
final class SimulatedNode implements AutoCloseable {

  private final ServerSocket socket;
  private volatile UnaryOperator<String> answers = command -> "";

  SimulatedNode() throws IOException {
    this.socket = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    start(this::accept);
  }

  int port() {
    return socket.getLocalPort();
  }

  /**
   * Sets the function that answers commands, which it gets in upper case. Logins and checks of the
   * role are answered without it.
   */
  void answer(UnaryOperator<String> commands) {
    answers = commands;
  }

  /** Returns the answer to CLUSTER SLOTS of a cluster with one master, at this port. */
  static String slots(int port) {
    return "*1\r\n*3\r\n:0\r\n:16383\r\n*2\r\n$-1\r\n:" + port + "\r\n";
  }

  /** Returns the answer to CLUSTER SLOTS of a cluster whose only master has slot 0 alone. */
  static String slotZero(int port) {
    return "*1\r\n*3\r\n:0\r\n:0\r\n*2\r\n$-1\r\n:" + port + "\r\n";
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "played-node");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = socket.accept();
        start(() -> serve(client));
      }
    } catch (IOException e) {
      // The server has been closed.
    }
  }

  private void serve(Socket client) {
    try (client;
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
        OutputStream out = client.getOutputStream()) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        int words = Integer.parseInt(line.substring(1));
        in.readLine();
        String command = in.readLine().toUpperCase(Locale.ROOT);
        for (int i = 1; i < words; i++) {
          in.readLine();
          in.readLine();
        }
        out.write(reply(command).getBytes(StandardCharsets.UTF_8));
        out.flush();
      }
    } catch (IOException e) {
      // The client has disconnected.
    }
  }

  private String reply(String command) {
    return switch (command) {
      case "HELLO" -> "*2\r\n$5\r\nproto\r\n:2\r\n";
      case "INFO" -> bulk("role:master\r\nmaster_replid:" + "0".repeat(40) + "\r\n");
      case "CLUSTER", "GET" -> answers.apply(command);
      default -> "+OK\r\n";
    };
  }

  private static String bulk(String text) {
    return "$" + text.length() + "\r\n" + text + "\r\n";
  }
}
