package io.dimstore.stack;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The command line of each server. */
final class ServerCommand {

  /** What HBase and Hadoop reach into on JDK 17. */
  private static final List<String> OPENED =
      List.of(
          "java.lang",
          "java.lang.reflect",
          "java.io",
          "java.net",
          "java.nio",
          "java.util",
          "java.util.concurrent",
          "java.util.concurrent.atomic",
          "sun.nio.ch",
          "jdk.internal.misc",
          "java.text",
          "java.time");

  private ServerCommand() {}

  /** Finds out whether the build has left what this server is started from. */
  static void check(Path home, Server server) {
    if (server == Server.REDIS) {
      RedisBinary.find(home);
    } else {
      ServerClassPath.read(home, server);
    }
  }

  /** The command to start this server, whose folder exists. */
  static List<String> of(Launch launch) {
    return switch (launch.server()) {
      case HBASE -> hbase(launch);
      case KAFKA -> java(launch, List.of("-Xmx384m"), "io.dimstore.stack.kafka.KafkaServerMain");
      case DYNAMODB ->
          java(launch, List.of("-Xmx512m"), "io.dimstore.stack.dynamodb.DynamoDbServerMain");
      case REDIS -> redis(launch);
    };
  }

  private static List<String> hbase(Launch launch) {
    List<String> options = new ArrayList<>(List.of("-Xmx512m"));
    options.addAll(forHadoop());
    String mainClass = launch.regionServers() == 0 ? "HBaseServerMain" : "HdfsServerMain";
    return java(launch, options, "io.dimstore.stack.hbase." + mainClass);
  }

  private static List<String> forHadoop() {
    List<String> options = new ArrayList<>();
    for (String name : OPENED) {
      options.add("--add-opens=java.base/" + name + "=ALL-UNNAMED");
    }
    options.add("--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED");
    options.add("--add-exports=java.security.jgss/sun.security.krb5=ALL-UNNAMED");
    options.add("-Dorg.apache.hbase.thirdparty.io.netty.tryReflectionSetAccessible=true");
    return options;
  }

  /** A class of HBase, or of the Hadoop that comes with it. */
  static List<String> hadoop(
      Path home,
      Path folder,
      List<Path> first,
      List<String> options,
      String mainClass,
      List<String> arguments) {
    List<String> all = new ArrayList<>(forHadoop());
    all.addAll(options);
    String classPath =
        first.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator))
            + (first.isEmpty() ? "" : File.pathSeparator)
            + ServerClassPath.read(home, Server.HBASE).joined();
    return java(folder, all, classPath, mainClass, arguments);
  }

  private static List<String> java(Launch launch, List<String> options, String mainClass) {
    List<String> arguments = new ArrayList<>();
    arguments.add(launch.folder().toString());
    arguments.add(Integer.toString(launch.port()));
    launch.innerPorts().forEach(port -> arguments.add(Integer.toString(port)));
    if (launch.regionServers() > 0) {
      arguments.add(Integer.toString(launch.regionServers()));
    }
    String classPath = ServerClassPath.read(launch.home(), launch.server()).joined();
    return java(launch.folder(), options, classPath, mainClass, arguments);
  }

  private static List<String> java(
      Path folder,
      List<String> options,
      String classPath,
      String mainClass,
      List<String> arguments) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(options);
    words.add("-XX:+ExitOnOutOfMemoryError");
    // The file that it keeps in the temp folder would stay behind when the process is killed.
    words.add("-XX:-UsePerfData");
    words.add("-Djava.net.preferIPv4Stack=true");
    words.add("-Djava.awt.headless=true");
    words.add("-Djava.io.tmpdir=" + temp(folder));
    words.add("-cp");
    words.add(classPath);
    words.add(mainClass);
    words.addAll(arguments);
    return words;
  }

  private static Path temp(Path folder) {
    try {
      return Files.createDirectories(folder.resolve("tmp"));
    } catch (IOException e) {
      throw new StackException("The temp folder of a server cannot be made: " + e, e);
    }
  }

  private static List<String> redis(Launch launch) {
    return List.of(
        RedisBinary.find(launch.home()).toString(),
        "--bind",
        "127.0.0.1",
        "--port",
        Integer.toString(launch.port()),
        "--save",
        "",
        "--appendonly",
        "no",
        "--daemonize",
        "no",
        "--dir",
        launch.folder().toString());
  }
}
