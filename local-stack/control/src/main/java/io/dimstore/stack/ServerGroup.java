package io.dimstore.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Processes that together are one service, such as the nodes of a Redis Cluster or HBase on HDFS: a
 * test says what each is started with. They end with {@link #close()} or with this JVM, however
 * that ends, and their folder goes with them. Thread-safe.
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

  /** A group without a process yet. */
  public static ServerGroup create() {
    return new ServerGroup(StackFolder.create(), ProjectHome.find());
  }

  /** A folder for what the processes share. */
  public Path folder() {
    return folder.path();
  }

  /** A port on loopback that is free and that this group was not given before. */
  public int freePort() {
    return ports.free();
  }

  /** Such a port, for a server that also takes the one this much above it. */
  public int freePortWith(int above) {
    return ports.freeWith(above);
  }

  /**
   * Starts Redis with these words after those that bind it to loopback and to its folder; it need
   * not answer yet on return.
   *
   * @param name its folder's, a new one in the group
   */
  public GroupProcess redis(String name, List<String> words) {
    List<String> command = new ArrayList<>();
    command.add(RedisBinary.find(home).toString());
    command.addAll(words);
    return start(Server.REDIS, name, command);
  }

  /**
   * Starts a class of the local HBase's class path; it need not be ready on return.
   *
   * @param name its folder's, a new one in the group
   * @param first folders that come before the class path
   * @param options further options of the JVM
   */
  public GroupProcess hbase(
      String name, List<Path> first, List<String> options, String mainClass, List<String> words) {
    return start(
        Server.HBASE,
        name,
        ServerCommand.hadoop(home, folderOf(name), first, options, mainClass, words));
  }

  private Path folderOf(String name) {
    try {
      return Files.createDirectories(folder.path().resolve(name));
    } catch (IOException e) {
      throw new StackException("The folder of " + name + " cannot be made: " + e, e);
    }
  }

  private GroupProcess start(Server server, String name, List<String> command) {
    Path own = folderOf(name);
    Path log = own.resolve("server.log");
    GroupProcess process = GroupProcess.start(Guard.start(server, command, own, log), own, log);
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
      throw new StackException("The folder " + folder.path() + " stays: " + e, e);
    }
  }
}
