// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.faults;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An HTTP proxy that forwards all requests, and notes their targets and the user that
 * authenticated.
 */
public final class CountingForwardProxy implements AutoCloseable {

  public final List<String> requestLines = new CopyOnWriteArrayList<>();
  public final List<String> authorizations = new CopyOnWriteArrayList<>();
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final ServerSocket server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());

  public CountingForwardProxy() throws IOException {
    start(this::accept);
  }

  public String address() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        open.add(client);
        start(() -> serve(client));
      } catch (IOException e) {
        // Closed: the loop ends.
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      InputStream in = new BufferedInputStream(client.getInputStream());
      String line = line(in);
      requestLines.add(line);
      StringBuilder headers = new StringBuilder();
      for (String header = line(in); !header.isEmpty(); header = line(in)) {
        if (header.regionMatches(true, 0, "proxy-authorization:", 0, 20)) {
          authorizations.add(header.substring(20).trim());
        } else {
          headers.append(header).append("\r\n");
        }
      }
      String[] words = line.split(" ");
      boolean tunnel = words[0].equals("CONNECT");
      URI target = URI.create(tunnel ? "http://" + words[1] : words[1]);
      try (Socket upstream = new Socket(target.getHost(), target.getPort())) {
        open.add(upstream);
        if (tunnel) {
          write(client, "HTTP/1.1 200 Connected\r\n\r\n");
        } else {
          write(
              upstream,
              words[0]
                  + " /"
                  + target.getPath().replaceFirst("^/", "")
                  + " HTTP/1.1\r\n"
                  + headers
                  + "\r\n");
        }
        start(() -> pump(in, upstream));
        pump(upstream.getInputStream(), client);
      }
    } catch (IOException e) {
      // One side has closed the connection.
    }
  }

  private static void pump(InputStream from, Socket to) {
    try {
      OutputStream out = to.getOutputStream();
      byte[] some = new byte[8192];
      for (int read = from.read(some); read >= 0; read = from.read(some)) {
        out.write(some, 0, read);
        out.flush();
      }
      to.close();
    } catch (IOException e) {
      // One side has closed the connection.
    }
  }

  private static void write(Socket to, String text) throws IOException {
    to.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    to.getOutputStream().flush();
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "forward-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
