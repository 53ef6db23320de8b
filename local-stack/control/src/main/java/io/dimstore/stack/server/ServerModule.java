// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.server;

import io.dimstore.cli.Placeholders;
import io.dimstore.cli.StackVariables;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The module of a server: what its {@code server.properties} declares. {@link ServerFile} reads it.
 *
 * @param server the server
 * @param folder the module's folder
 * @param program the program that the server's process runs
 * @param optional whether the server is started only if it is asked for
 * @param innerPorts how many ports the server needs besides the one of its clients
 * @param address the address in the form that clients take, with the placeholder {@code ${port}}
 * @param settings further settings of clients, whose values may have placeholders
 * @param environment variables that tools read, whose values may have placeholders
 */
public record ServerModule(
    Server server,
    Path folder,
    ServerProgram program,
    boolean optional,
    int innerPorts,
    String address,
    Map<String, String> settings,
    Map<String, String> environment) {

  private static final String SUFFIX = "-server";

  /** Returns the modules of the project in the order of their servers. */
  public static List<ServerModule> all(Path home) {
    Path parent = home.resolve("local-stack");
    List<ServerModule> modules = new ArrayList<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, "*" + SUFFIX)) {
      for (Path folder : folders) {
        if (Files.exists(folder.resolve(ServerFile.NAME))) {
          String name = folder.getFileName().toString();
          modules.add(ServerFile.read(name.substring(0, name.length() - SUFFIX.length()), folder));
        }
      }
    } catch (IOException e) {
      throw new StackException("The servers below " + parent + " cannot be listed: " + e, e);
    }
    modules.sort(Comparator.comparing(ServerModule::server));
    return List.copyOf(modules);
  }

  /**
   * Returns the module of a server.
   *
   * @throws StackException naming the servers that there are
   */
  public static ServerModule of(Path home, String id) {
    List<ServerModule> all = all(home);
    return all.stream()
        .filter(module -> module.server().id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new StackException(
                    "no server '"
                        + id
                        + "'; there are "
                        + all.stream().map(module -> module.server().id()).toList()));
  }

  /** Returns whether the server can also run on HDFS, with a number of region servers. */
  public boolean runsOnHdfs() {
    return program instanceof ServerProgram.JavaClass java && java.hdfsMain() != null;
  }

  /** Returns where clients reach the server at this port. */
  public Endpoint endpoint(int port) {
    Map<String, String> known = new LinkedHashMap<>();
    known.put("host", "127.0.0.1");
    known.put("port", Integer.toString(port));
    known.put("address", filled(address, known));
    Map<String, String> all = new LinkedHashMap<>(known);
    settings.forEach((name, value) -> all.put(name, filled(value, known)));
    Map<String, String> variables = new LinkedHashMap<>();
    environment.forEach((name, value) -> variables.put(name, filled(value, all)));
    all.forEach((name, value) -> variables.put(StackVariables.name(server.id(), name), value));
    return new Endpoint(server, port, all, variables);
  }

  /**
   * Fills the placeholders in a value of {@code server.properties}.
   *
   * @throws StackException naming a placeholder that is not known
   */
  public static String filled(String text, Map<String, String> known) {
    return Placeholders.fill(
        text,
        name -> {
          String value = known.get(name);
          if (value == null) {
            throw new StackException("no placeholder ${" + name + "}; there are " + known.keySet());
          }
          return value;
        });
  }
}
