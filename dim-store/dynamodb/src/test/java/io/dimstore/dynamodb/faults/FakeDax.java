// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.faults;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A listener in place of a DAX cluster. It accepts connections and reads what is sent, but never
 * answers. It does not implement DAX's protocol.
 */
public final class FakeDax implements AutoCloseable {

  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final List<Socket> connections = new CopyOnWriteArrayList<>();
  private final ByteArrayOutputStream heard = new ByteArrayOutputStream();

  public FakeDax() throws IOException {
    daemon(this::accept);
  }

  public String url() {
    return "dax://127.0.0.1:" + server.getLocalPort();
  }

  public int connections() {
    return connections.size();
  }

  public String heard() {
    return heard.toString(StandardCharsets.ISO_8859_1);
  }

  private void accept() {
    try {
      while (true) {
        Socket connection = server.accept();
        connections.add(connection);
        daemon(() -> listen(connection));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void listen(Socket connection) {
    byte[] some = new byte[1_000];
    try (InputStream in = connection.getInputStream()) {
      int length = in.read(some);
      while (length >= 0) {
        heard.write(some, 0, length);
        length = in.read(some);
      }
    } catch (IOException e) {
      // The other side went away.
    }
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "fake-service");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket connection : connections) {
      connection.close();
    }
  }
}
