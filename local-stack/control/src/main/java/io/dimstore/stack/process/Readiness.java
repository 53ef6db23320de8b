// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.process;

import io.dimstore.stack.server.ServerModule;
import io.dimstore.stack.server.ServerProgram;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Map;

/** Checks whether a launched server can be used. */
final class Readiness {

  private static final int TIMEOUT_MILLIS = 1_000;

  private Readiness() {}

  static boolean of(Launch launch, long pid) {
    return launch.module().program() instanceof ServerProgram.NativeBinary program
        ? answers(program, launch.port(), pid)
        : Files.exists(launch.readyFile());
  }

  /** Returns whether the server at this port answers the program's request as expected. */
  private static boolean answers(ServerProgram.NativeBinary program, int port, long pid) {
    String line = ServerModule.filled(program.line(), Map.of("pid", Long.toString(pid)));
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.getOutputStream().write(program.request().getBytes(StandardCharsets.US_ASCII));
      BufferedReader answer =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      return answer.lines().anyMatch(line::equals);
    } catch (IOException | UncheckedIOException e) {
      return false;
    }
  }
}
