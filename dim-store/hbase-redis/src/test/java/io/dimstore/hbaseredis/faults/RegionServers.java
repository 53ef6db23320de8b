// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.faults;

import io.dimstore.stack.LocalStack;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Additional region servers and masters for an HBase of the local stack, each in a process of its
 * own.
 */
final class RegionServers implements AutoCloseable {

  private static final Path CLASS_PATH =
      Path.of("local-stack", "hbase-server", "target", "classpath");

  private final LocalStack stack;
  private final Path folder;
  private final Map<Integer, Process> processes = new LinkedHashMap<>();

  RegionServers(LocalStack stack, Path folder) {
    this.stack = stack;
    this.folder = folder;
  }

  /** Starts another region server and returns its port. It may not have joined the cluster yet. */
  int start() throws IOException {
    return start("regionserver", "org.apache.hadoop.hbase.regionserver.HRegionServer");
  }

  /** Starts a backup master and returns its port. It may not have joined the cluster yet. */
  int startMaster() throws IOException {
    return start("master", "org.apache.hadoop.hbase.master.HMaster");
  }

  private int start(String role, String main) throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Path own = Files.createDirectories(folder.resolve(role + "-" + port));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:-UsePerfData"));
    command.add("-Djava.io.tmpdir=" + own);
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-"))
        .forEach(command::add);
    command.addAll(List.of("-cp", classPath(), main));
    settings(role, port, own)
        .forEach((name, value) -> command.addAll(List.of("-D", name + "=" + value)));
    command.add("start");
    processes.put(
        port,
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(own.resolve("log").toFile())
            .start());
    return port;
  }

  private Map<String, String> settings(String role, int port, Path own) {
    Map<String, String> settings = new LinkedHashMap<>(stack.hbase().configuration());
    Path data = stack.log("hbase").resolveSibling("data");
    settings.put("hbase.rootdir", data.toUri().toString());
    settings.put("hbase.tmp.dir", own.toString());
    settings.put("hbase.cluster.distributed", "true");
    settings.put("hbase.unsafe.stream.capability.enforce", "false");
    // This file system passes writes to a log on at once, so that they survive a kill.
    settings.put("fs.file.impl", "org.apache.hadoop.fs.RawLocalFileSystem");
    settings.put("hbase.master.hostname", "localhost");
    settings.put("hbase.unsafe.regionserver.hostname", "localhost");
    settings.put("hbase." + role + ".ipc.address", "127.0.0.1");
    settings.put("hbase." + role + ".port", Integer.toString(port));
    settings.put("hbase." + role + ".info.port", "-1");
    settings.put("hbase.regionserver.msginterval", "200");
    settings.put("hbase.regionserver.handler.count", "8");
    settings.put("zookeeper.session.timeout", "4000");
    return settings;
  }

  private static String classPath() throws IOException {
    Path home = Path.of(System.getProperty("dimstore.home"));
    return String.join(File.pathSeparator, Files.readAllLines(home.resolve(CLASS_PATH)));
  }

  boolean isAlive(int port) {
    return processes.get(port).isAlive();
  }

  void kill(int port) throws InterruptedException {
    processes.get(port).destroyForcibly();
    processes.get(port).waitFor();
  }

  @Override
  public void close() {
    try {
      for (int port : processes.keySet()) {
        kill(port);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException(e));
    }
  }
}
