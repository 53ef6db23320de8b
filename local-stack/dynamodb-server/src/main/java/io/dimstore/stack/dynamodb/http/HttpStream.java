// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.dynamodb.http;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * One connection of HTTP/1.1, on which requests and responses follow each other. Bodies need a
 * declared length, which every client and server of DynamoDB gives. Not thread-safe.
 */
public final class HttpStream implements Closeable {

  /** The headers that describe the connection, not the message. */
  private static final Set<String> OF_CONNECTION =
      Set.of(
          "connection",
          "content-length",
          "transfer-encoding",
          "keep-alive",
          "expect",
          "upgrade",
          "http2-settings");

  private static final int CONNECT_MILLIS = 10_000;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final byte[] buffer = new byte[1 << 14];
  private int position;
  private int limit;

  /** Whether the other side asked for the connection to end after the present message. */
  private boolean ends;

  public HttpStream(Socket socket) throws IOException {
    socket.setTcpNoDelay(true);
    this.socket = socket;
    this.in = socket.getInputStream();
    this.out = socket.getOutputStream();
  }

  public static HttpStream connect(URI server) throws IOException {
    return new HttpStream(open(server, CONNECT_MILLIS, 0));
  }

  /**
   * Connects to a server that may be absent.
   *
   * @param millis how long the server may take to accept the connection, and how long reads may
   *     wait; each fails with an exception then
   */
  public static HttpStream connect(URI server, int millis) throws IOException {
    return new HttpStream(open(server, millis, millis));
  }

  private static Socket open(URI server, int connectMillis, int readMillis) throws IOException {
    Socket socket = new Socket();
    try {
      socket.setSoTimeout(readMillis);
      boolean secure = "https".equals(server.getScheme());
      int port = server.getPort() >= 0 ? server.getPort() : secure ? 443 : 80;
      socket.connect(new InetSocketAddress(server.getHost(), port), connectMillis);
      return secure
          ? ((SSLSocketFactory) SSLSocketFactory.getDefault())
              .createSocket(socket, server.getHost(), port, true)
          : socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Reads the next request; null at the end of the connection. */
  @Nullable
  public Request readRequest() throws IOException {
    String start = ends ? "" : line();
    if (start.isEmpty()) {
      return null;
    }
    Map<String, String> headers = headers();
    ends =
        start.endsWith(" HTTP/1.0")
            || headers.getOrDefault("connection", "").equalsIgnoreCase("close");
    if (headers.getOrDefault("expect", "").equalsIgnoreCase("100-continue")) {
      out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
    }
    byte[] body = body(headers);
    headers.keySet().removeAll(OF_CONNECTION);
    return new Request(start.replaceFirst(" HTTP/1.0$", " HTTP/1.1"), headers, body);
  }

  /** Reads the next response. Fails at the end of the connection. */
  public Answer readAnswer() throws IOException {
    String[] start = line().split(" ", 3);
    if (start.length < 2) {
      throw new EOFException("the server closed the connection");
    }
    Map<String, String> headers = headers();
    byte[] body = body(headers);
    headers.keySet().removeAll(OF_CONNECTION);
    return new Answer(Integer.parseInt(start[1]), headers, body);
  }

  private byte[] body(Map<String, String> headers) throws IOException {
    if (headers.containsKey("transfer-encoding")) {
      throw new IOException("a body without a declared length");
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    byte[] body = new byte[length];
    int read = Math.min(length, limit - position);
    System.arraycopy(buffer, position, body, 0, read);
    position += read;
    if (in.readNBytes(body, read, length - read) < length - read) {
      throw new EOFException("the connection ended within a message");
    }
    return body;
  }

  private Map<String, String> headers() throws IOException {
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon < 0) {
        throw new IOException("a header without a colon");
      }
      headers.put(
          line.substring(0, colon).trim().toLowerCase(Locale.ROOT),
          line.substring(colon + 1).trim());
    }
    return headers;
  }

  /** Reads what has arrived into the empty buffer, or returns false at the end. */
  private boolean fill() throws IOException {
    position = 0;
    limit = Math.max(0, in.read(buffer));
    return limit > 0;
  }

  private String line() throws IOException {
    String line = "";
    while (position < limit || fill()) {
      int end = position;
      while (end < limit && buffer[end] != '\n') {
        end++;
      }
      line += new String(buffer, position, end - position, StandardCharsets.ISO_8859_1);
      position = Math.min(limit, end + 1);
      if (end < limit) {
        break;
      }
    }
    return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
  }

  public void write(Request request) throws IOException {
    write(request.start(), request.headers(), request.body().length, request.body(), -1);
  }

  /** Writes the head of a response, which declares this length, and the first bytes of the body. */
  public void write(Answer answer, int declared, int sent) throws IOException {
    write("HTTP/1.1 " + answer.status() + " ", answer.headers(), declared, answer.body(), sent);
  }

  private void write(String start, Map<String, String> headers, int declared, byte[] body, int sent)
      throws IOException {
    StringBuilder head = new StringBuilder(512).append(start).append("\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    head.append("content-length: ").append(declared).append("\r\n\r\n");
    byte[] first = head.toString().getBytes(StandardCharsets.ISO_8859_1);
    int length = sent < 0 ? body.length : sent;
    // A small message is sent as one packet, so that the receiver wakes up once.
    byte[] all = new byte[first.length + length];
    System.arraycopy(first, 0, all, 0, first.length);
    System.arraycopy(body, 0, all, first.length, length);
    out.write(all);
  }

  /** Writes one more byte of a body. */
  public void writeByte(int value) throws IOException {
    out.write(value);
  }

  /** Waits until the other side has closed the connection. */
  public void awaitEnd() throws IOException {
    while (in.read() >= 0) {
      // A client that waits sends nothing.
    }
  }

  /** Resets the connection, like a server that dies. Data in transit is lost. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  public boolean isClosed() {
    return socket.isClosed();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
