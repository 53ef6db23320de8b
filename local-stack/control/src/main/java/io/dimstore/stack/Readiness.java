package io.dimstore.stack;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;

/** Whether a server that was launched can be used. */
final class Readiness {

  private static final int TIMEOUT_MILLIS = 1_000;

  private Readiness() {}

  static boolean of(Launch launch, long pid) {
    return launch.server() == Server.REDIS
        ? redisAnswers(launch.port(), pid)
        : Files.exists(launch.readyFile());
  }

  /**
   * Whether the Redis that answers is this process, and not another one that was first at the port.
   */
  private static boolean redisAnswers(int port, long pid) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.getOutputStream().write("INFO server\r\nQUIT\r\n".getBytes(StandardCharsets.US_ASCII));
      BufferedReader answer =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      return answer.lines().anyMatch(("process_id:" + pid)::equals);
    } catch (IOException | UncheckedIOException e) {
      return false;
    }
  }
}
