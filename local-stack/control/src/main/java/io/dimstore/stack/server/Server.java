// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.server;

import java.util.Comparator;
import java.util.List;

/**
 * A server of the local stack. Each is a folder {@code local-stack/ID-server} of the project with a
 * file {@code server.properties}; no code lists them.
 *
 * @param id the name used in commands, messages and folders
 * @param description what kind of installation this is, for reports
 * @param order servers are listed by ascending order, then by id
 */
public record Server(String id, String description, int order) implements Comparable<Server> {

  private static final Comparator<Server> ORDER =
      Comparator.comparingInt(Server::order).thenComparing(Server::id);

  /**
   * Returns the server with this id.
   *
   * @throws StackException naming the servers that there are
   */
  public static Server of(String id) {
    return ServerModule.of(ProjectHome.find(), id).server();
  }

  /** Returns all servers of the project, in their order. */
  public static List<Server> all() {
    return ServerModule.all(ProjectHome.find()).stream().map(ServerModule::server).toList();
  }

  /** Returns the servers of a stack for which none are named: all but the optional ones. */
  public static List<Server> allByDefault() {
    return ServerModule.all(ProjectHome.find()).stream()
        .filter(module -> !module.optional())
        .map(ServerModule::server)
        .toList();
  }

  /** Returns the servers that can also run on HDFS, with a number of region servers. */
  public static List<Server> allOnHdfs() {
    return ServerModule.all(ProjectHome.find()).stream()
        .filter(ServerModule::runsOnHdfs)
        .map(ServerModule::server)
        .toList();
  }

  @Override
  public int compareTo(Server other) {
    return ORDER.compare(this, other);
  }
}
