// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack;

import io.dimstore.stack.server.Server;
import java.util.Collection;
import java.util.stream.Collectors;

/** Starts two servers, one in Java and one native, and prints which there are. */
final class InstalledServersProgram {

  private InstalledServersProgram() {}

  public static void main(String[] args) {
    System.out.println("servers: " + ids(Server.all()));
    try (LocalStack stack = LocalStack.start("redis", "kafka")) {
      stack.check();
      System.out.println("running: " + ids(stack.servers().stream().sorted().toList()));
    }
  }

  private static String ids(Collection<Server> servers) {
    return servers.stream().map(Server::id).collect(Collectors.joining(", "));
  }
}
