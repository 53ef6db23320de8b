// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.process;

import io.dimstore.stack.server.Endpoint;
import io.dimstore.stack.server.Server;
import io.dimstore.stack.server.ServerModule;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The parameters of one server that stay the same across restarts.
 *
 * @param module module of the server
 * @param home root folder of the project
 * @param folder folder of the server's data, log and ready file
 * @param port port that clients connect to
 * @param innerPorts ports that the parts of the server use among themselves
 * @param regionServers number of region servers of a server on HDFS; otherwise 0
 * @param environment variables of the server's process, besides those of this JVM
 * @param classPath entries that come before the class path of a Java server
 */
public record Launch(
    ServerModule module,
    Path home,
    Path folder,
    int port,
    List<Integer> innerPorts,
    int regionServers,
    Map<String, String> environment,
    List<Path> classPath) {

  public Launch {
    innerPorts = List.copyOf(innerPorts);
    environment = Map.copyOf(environment);
    classPath = List.copyOf(classPath);
  }

  public Server server() {
    return module.server();
  }

  public Path log() {
    return folder.resolve("server.log");
  }

  /** Returns the file that the main class of a module creates when it serves requests. */
  Path readyFile() {
    return folder.resolve("ready");
  }

  public Endpoint endpoint() {
    return module.endpoint(port);
  }
}
