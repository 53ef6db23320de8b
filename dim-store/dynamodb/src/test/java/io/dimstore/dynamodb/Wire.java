package io.dimstore.dynamodb;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One request in a {@link FaultProxy}, and the connection on which it came. */
final class Wire {

  /** An answer, and what it says of its length, which may be a lie. */
  record Answer(int status, Map<String, String> headers, byte[] body) {

    static Answer of(int status, String body) {
      return new Answer(status, Map.of(), body.getBytes(StandardCharsets.UTF_8));
    }

    Answer with(String header, String value) {
      Map<String, String> more = new LinkedHashMap<>(headers);
      more.put(header, value);
      return new Answer(status, more, body);
    }

    /** With another body, and so without the old one's checksum. */
    Answer rewritten(String text) {
      Map<String, String> rest = new LinkedHashMap<>(headers);
      rest.remove("x-amz-crc32");
      return new Answer(status, rest, text.getBytes(StandardCharsets.UTF_8));
    }

    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  private final Map<String, String> headers;
  private final byte[] body;
  private final InputStream in;
  private final Socket socket;
  private final URI upstream;
  private final HttpClient client;
  private final CountDownLatch closed;

  private Wire(
      Map<String, String> headers,
      byte[] body,
      InputStream in,
      Socket socket,
      URI upstream,
      HttpClient client,
      CountDownLatch closed) {
    this.headers = headers;
    this.body = body;
    this.in = in;
    this.socket = socket;
    this.upstream = upstream;
    this.client = client;
    this.closed = closed;
  }

  /** The next request, or null at the end of the connection. */
  static Wire read(
      InputStream in, Socket socket, URI upstream, HttpClient client, CountDownLatch closed)
      throws IOException {
    String start = line(in);
    if (start.isEmpty()) {
      return null;
    }
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).trim().toLowerCase(Locale.ROOT),
          line.substring(colon + 1).trim());
    }
    byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
    return new Wire(headers, body, in, socket, upstream, client, closed);
  }

  /** What is asked, for instance BatchGetItem. */
  String target() {
    String target = header("x-amz-target");
    return target.substring(target.indexOf('.') + 1);
  }

  String header(String name) {
    return headers.getOrDefault(name, "");
  }

  String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** An object in the request, as JSON; for requests without braces inside of texts. */
  String object(String name) {
    String text = text();
    int begin = text.indexOf('{', text.indexOf('"' + name + '"'));
    int depth = 0;
    for (int i = begin; i < text.length(); i++) {
      depth += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
      if (depth == 0) {
        return text.substring(begin, i + 1);
      }
    }
    throw new AssertionError("No object " + name + " in " + text);
  }

  /** What the server says. */
  Answer ask() throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(upstream).POST(HttpRequest.BodyPublishers.ofByteArray(body));
    headers.forEach(
        (name, value) -> {
          if (!name.equals("host")
              && !name.equals("content-length")
              && !name.equals("connection")) {
            request.header(name, value);
          }
        });
    try {
      HttpResponse<byte[]> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      Map<String, String> said = new LinkedHashMap<>();
      answer
          .headers()
          .map()
          .forEach((name, values) -> said.put(name.toLowerCase(Locale.ROOT), values.get(0)));
      said.keySet().removeAll(Set.of("content-length", "transfer-encoding", "connection"));
      return new Answer(answer.statusCode(), said, answer.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  void answer(Answer answer) throws IOException {
    begin(answer, answer.body().length, answer.body().length);
  }

  /** Sends the head, which promises this many bytes, and the first of them. */
  void begin(Answer answer, int promised, int sent) throws IOException {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + answer.status() + " Said\r\n");
    answer.headers().forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    head.append("content-length: " + promised + "\r\n\r\n");
    OutputStream out = socket.getOutputStream();
    out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    out.write(answer.body(), 0, sent);
    out.flush();
  }

  /** Sends one byte more. */
  void drip() throws IOException {
    socket.getOutputStream().write(' ');
    socket.getOutputStream().flush();
  }

  /** Ends the connection as a server does that dies: no orderly end, what was under way is lost. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** Waits until the other side has given up. */
  void awaitEnd() throws IOException {
    while (in.read() >= 0) {
      // A client that waits says nothing.
    }
  }

  /** Waits, or returns false early when the proxy ends. */
  boolean pause(Duration duration) {
    try {
      return !closed.await(duration.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
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
}
