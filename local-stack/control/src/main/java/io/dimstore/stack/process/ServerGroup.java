// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.process;

import io.dimstore.stack.server.ProjectHome;
import io.dimstore.stack.server.ServerModule;
import io.dimstore.stack.server.StackException;
import io.dimstore.stack.server.StackFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Runs several processes that together form one service, such as the nodes of a Redis Cluster or
 * HBase on HDFS. The test chooses each process's arguments. The processes end with {@link #close()}
 * or with this JVM, however it ends, and their folder is then removed. Thread-safe.
 */
public final class ServerGroup implements AutoCloseable {

  private final StackFolder folder;
  private final Path home;
  private final Ports ports = new Ports();
  private final List<GroupProcess> processes = Collections.synchronizedList(new ArrayList<>());

  private ServerGroup(StackFolder folder, Path home) {
    this.folder = folder;
    this.home = home;
  }

  /** Returns a group without processes. */
  public static ServerGroup create() {
    return new ServerGroup(StackFolder.create(), ProjectHome.find());
  }

  /** Returns a folder for files that the processes share. */
  public Path folder() {
    return folder.path();
  }

  /** Returns a free port on loopback that this group has not returned before. */
  public int freePort() {
    return ports.free();
  }

  /** Returns a free port {@code p} for a server that also uses {@code p + above}. */
  public int freePortWith(int above) {
    return ports.freeWith(above);
  }

  /**
   * Starts the native program of a server with these arguments. It may not answer yet when this
   * returns.
   *
   * @param server id of the server
   * @param name name of the process's folder, not yet used in the group
   */
  public GroupProcess binary(String server, String name, List<String> words) {
    return start(server, name, ServerCommand.binary(home, ServerModule.of(home, server), words));
  }

  /**
   * Starts the main class of a server with these arguments. It may not be ready when this returns.
   *
   * @param server id of the server
   * @param name name of the process's folder, not yet used in the group
   */
  public GroupProcess java(String server, String name, List<String> words) {
    String main = ServerCommand.javaClass(ServerModule.of(home, server)).main();
    return java(server, name, List.of(), List.of(), main, words);
  }

  /**
   * Starts a main class on the class path of a server. It may not be ready when this returns.
   *
   * @param server id of the server
   * @param name name of the process's folder, not yet used in the group
   * @param first jars and folders that come before the class path
   * @param options further options of the JVM
   */
  public GroupProcess java(
      String server,
      String name,
      List<Path> first,
      List<String> options,
      String mainClass,
      List<String> words) {
    return start(
        server,
        name,
        ServerCommand.java(
            home, ServerModule.of(home, server), folderOf(name), first, options, mainClass, words));
  }

  private Path folderOf(String name) {
    try {
      return Files.createDirectories(folder.path().resolve(name));
    } catch (IOException e) {
      throw new StackException("The folder of " + name + " cannot be made: " + e, e);
    }
  }

  private GroupProcess start(String server, String name, List<String> command) {
    Path own = folderOf(name);
    Path log = own.resolve("server.log");
    GroupProcess process =
        GroupProcess.start(Guard.start(server, command, own, log, Map.of()), own, log);
    processes.add(process);
    return process;
  }

  /** Ends all processes and removes their folders. Calling it again changes nothing. */
  @Override
  public void close() {
    List<GroupProcess> all = List.copyOf(processes);
    all.forEach(GroupProcess::release);
    all.forEach(GroupProcess::close);
    try {
      folder.remove();
    } catch (IOException e) {
      throw new StackException("The folder " + folder.path() + " cannot be removed: " + e, e);
    }
  }
}
