// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The smallest server: it says hello to whoever connects. Arguments: a folder and the port. */
final class HelloServerMain {

  private HelloServerMain() {}

  public static void main(String[] args) throws IOException {
    try (ServerSocket server =
        new ServerSocket(Integer.parseInt(args[1]), 10, InetAddress.getLoopbackAddress())) {
      Files.createFile(Path.of(args[0]).resolve("ready"));
      while (true) {
        try (Socket client = server.accept()) {
          client.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
        }
      }
    }
  }
}
