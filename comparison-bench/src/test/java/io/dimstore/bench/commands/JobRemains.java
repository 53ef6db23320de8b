// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.commands;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a Flink process holds for jobs.
 *
 * @param classLoaders the class loaders of jobs, one line for each class, with the number of
 *     instances that a full garbage collection has left
 * @param threads the names of all threads of Java code
 * @param connections the names of the given servers, one for each TCP connection to them
 */
record JobRemains(List<String> classLoaders, List<String> threads, List<String> connections) {

  /** The class loader of a job, and what Flink wraps it in. */
  private static final Pattern CLASS_LOADER =
      Pattern.compile(
          "^ *\\d+: +(\\d+) +\\d+ +org\\.apache\\.flink\\.\\S*"
              + "(ChildFirstClassLoader|SafetyNetWrapperClassLoader)\\b.*$",
          Pattern.MULTILINE);

  /** A thread of Java code; the JVM's own threads have no number. */
  private static final Pattern THREAD = Pattern.compile("^\"(.*)\" #\\d+ .*$", Pattern.MULTILINE);

  private static final int LISTEN = 10;

  /** A line of {@code /proc/PID/net/tcp}: the ends of a connection, its state and its socket. */
  private record Connection(int localPort, int remotePort, int state, long inode) {}

  /**
   * Collects the garbage of a process and looks at it.
   *
   * @param servers the processes of the servers by their names
   */
  static JobRemains of(ProcessHandle process, Map<String, ProcessHandle> servers)
      throws IOException, InterruptedException {
    List<String> threads = new ArrayList<>();
    Matcher names = THREAD.matcher(jcmd(process, "Thread.print"));
    while (names.find()) {
      threads.add(names.group(1));
    }
    List<String> classLoaders = new ArrayList<>();
    Matcher lines = CLASS_LOADER.matcher(jcmd(process, "GC.class_histogram"));
    while (lines.find()) {
      classLoaders.add(lines.group(1) + " " + lines.group(2));
    }
    return new JobRemains(classLoaders, threads, connections(process, servers));
  }

  /** Returns whether there is nothing. */
  boolean isNothing() {
    return classLoaders.isEmpty() && threads.isEmpty() && connections.isEmpty();
  }

  /** Writes a heap dump of a process into a folder and returns its file. */
  static Path dump(ProcessHandle process, Path folder) throws IOException, InterruptedException {
    Path file = Files.createDirectories(folder).resolve("job-remains-" + process.pid() + ".hprof");
    jcmd(process, "GC.heap_dump", file.toAbsolutePath().toString());
    return file;
  }

  private static List<String> connections(ProcessHandle process, Map<String, ProcessHandle> servers)
      throws IOException {
    Map<Integer, String> ports = new HashMap<>();
    for (Map.Entry<String, ProcessHandle> server : servers.entrySet()) {
      connectionsOf(server.getValue()).stream()
          .filter(each -> each.state() == LISTEN)
          .forEach(each -> ports.put(each.localPort(), server.getKey()));
    }
    return connectionsOf(process).stream()
        .filter(each -> each.state() != LISTEN)
        .flatMap(each -> Stream.ofNullable(ports.get(each.remotePort())))
        .sorted()
        .toList();
  }

  private static List<Connection> connectionsOf(ProcessHandle process) throws IOException {
    Path proc = Path.of("/proc", Long.toString(process.pid()));
    Set<Long> sockets = new HashSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(proc.resolve("fd"))) {
      for (Path file : files) {
        String target = linkOf(file);
        if (target.startsWith("socket:[")) {
          sockets.add(Long.parseLong(target.substring(8, target.length() - 1)));
        }
      }
    }
    List<Connection> all = new ArrayList<>();
    for (String table : List.of("tcp", "tcp6")) {
      try (Stream<String> lines = Files.lines(proc.resolve("net").resolve(table))) {
        lines.skip(1).map(JobRemains::connection).forEach(all::add);
      } catch (NoSuchFileException e) {
        // A machine may have no IPv6.
      }
    }
    return all.stream().filter(each -> sockets.contains(each.inode())).toList();
  }

  private static String linkOf(Path file) {
    try {
      return Files.readSymbolicLink(file).toString();
    } catch (IOException e) {
      return ""; // closed meanwhile
    }
  }

  private static Connection connection(String line) {
    String[] words = line.strip().split("\\s+");
    return new Connection(
        port(words[1]), port(words[2]), Integer.parseInt(words[3], 16), Long.parseLong(words[9]));
  }

  private static int port(String address) {
    return Integer.parseInt(address.substring(address.indexOf(':') + 1), 16);
  }

  private static String jcmd(ProcessHandle process, String... command)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
    words.add(Long.toString(process.pid()));
    words.addAll(List.of(command));
    Process run = new ProcessBuilder(words).redirectErrorStream(true).start();
    String output = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (run.waitFor() != 0) {
      throw new IOException(words + " failed: " + output);
    }
    return output;
  }
}
