// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.dynamodb.program;

import io.dimstore.stack.dynamodb.http.Answer;
import io.dimstore.stack.dynamodb.http.HttpStream;
import io.dimstore.stack.dynamodb.http.Request;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * A DynamoDB server as a child process, on a free port of loopback. It ends with {@link #close()}
 * or with this JVM, however that ends.
 */
public final class NativeServer implements AutoCloseable {

  private static final int ATTEMPTS = 3;
  private static final int QUOTED_LINES = 20;
  private static final long SECONDS_TO_START = 20;

  /**
   * Runs the server beside a process that reads the pipe from this JVM. At the end of the pipe it
   * kills the server.
   */
  private static final String WATCH =
      "exec 3<&0; \"$@\" </dev/null 3<&- & server=$!;"
          + " { cat >/dev/null; kill -9 $server; } <&3 3<&- & watch=$!;"
          + " exec 3<&-; wait $server; code=$?; kill $watch; exit $code";

  private final Process process;
  private final URI address;

  private NativeServer(Process process, URI address) {
    this.process = process;
    this.address = address;
  }

  /**
   * Starts a server and waits until it answers.
   *
   * @param name its name in messages
   * @param command its command line for a port
   * @param environment variables in addition to those of this process
   * @param output receives the lines that it prints
   */
  static NativeServer start(
      String name,
      IntFunction<List<String>> command,
      Map<String, String> environment,
      Consumer<String> output)
      throws IOException {
    for (int attempt = 1; ; attempt++) {
      int port = freePort();
      Deque<String> last = new ArrayDeque<>();
      CompletableFuture<Void> listens = new CompletableFuture<>();
      List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", WATCH, "dimstore-" + name));
      words.addAll(command.apply(port));
      ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
      builder.environment().putAll(environment);
      Process process = builder.start();
      Thread reader = new Thread(() -> read(process, last, listens, output), name + "-output");
      reader.setDaemon(true);
      reader.start();
      NativeServer server = new NativeServer(process, URI.create("http://127.0.0.1:" + port));
      try {
        listens.get(SECONDS_TO_START, TimeUnit.SECONDS);
        requireAnswer(server.address, (int) TimeUnit.SECONDS.toMillis(SECONDS_TO_START));
        return server;
      } catch (InterruptedException e) {
        server.close();
        Thread.currentThread().interrupt();
        throw new IOException("Interrupted while " + name + " started.", e);
      } catch (IOException | ExecutionException | TimeoutException e) {
        server.close();
        String said;
        synchronized (last) {
          said = String.join("\n    ", last);
        }
        if (attempt == ATTEMPTS || !said.toLowerCase(Locale.ROOT).contains("in use")) {
          throw new IOException(name + " did not start: " + e + "\n    " + said, e);
        }
      }
    }
  }

  private static void read(
      Process process,
      Deque<String> last,
      CompletableFuture<Void> listens,
      Consumer<String> output) {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        synchronized (last) {
          last.addLast(line);
          if (last.size() > QUOTED_LINES) {
            last.removeFirst();
          }
        }
        output.accept(line);
        if (line.contains("listening on")) {
          listens.complete(null);
        }
      }
    } catch (IOException e) {
      output.accept("the output cannot be read: " + e);
    }
    listens.completeExceptionally(new IOException("its process has ended"));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /**
   * Sends a request, which is not signed, and fails if the server does not answer it.
   *
   * @param millis how long the server may take to accept the connection, and then to answer
   */
  public static void requireAnswer(URI address, int millis) throws IOException {
    Request request = Request.of(address, "ListTables", "{}");
    try (HttpStream stream = HttpStream.connect(address, millis)) {
      stream.write(request);
      Answer answer = stream.readAnswer();
      // A server that verifies signatures refuses the request, and is ready too.
      if (answer.status() >= 500) {
        throw new IOException("it answered " + answer.status() + ": " + answer.text());
      }
    }
  }

  /** Returns the server's own address. */
  public URI address() {
    return address;
  }

  /** Returns a future that completes with the exit code when the server has ended. */
  public CompletableFuture<Integer> exit() {
    return process.onExit().thenApply(Process::exitValue);
  }

  /** Kills the server, and waits until it has ended. */
  @Override
  public void close() {
    try (Stream<ProcessHandle> children = process.descendants()) {
      children.forEach(ProcessHandle::destroyForcibly);
    }
    process.destroyForcibly();
    process.onExit().join();
  }
}
