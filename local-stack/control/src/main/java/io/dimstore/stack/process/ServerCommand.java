// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.process;

import io.dimstore.stack.server.ServerModule;
import io.dimstore.stack.server.ServerProgram;
import io.dimstore.stack.server.StackException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** The command line of each server. */
public final class ServerCommand {

  private ServerCommand() {}

  /** Checks that the build has written the files from which this server is started. */
  public static void check(Path home, ServerModule module) {
    if (module.program() instanceof ServerProgram.NativeBinary program) {
      NativeBinary.find(home, module, program);
    } else {
      ServerClassPath.read(home, module);
    }
  }

  /** The command to start this server, whose folder exists. */
  static List<String> of(Launch launch) {
    ServerModule module = launch.module();
    if (module.program() instanceof ServerProgram.NativeBinary program) {
      Map<String, String> known =
          Map.of(
              "module", module.folder().toString(),
              "folder", launch.folder().toString(),
              "port", Integer.toString(launch.port()));
      return binary(
          launch.home(),
          module,
          program.arguments().stream().map(word -> ServerModule.filled(word, known)).toList());
    }
    ServerProgram.JavaClass program = javaClass(module);
    String mainClass =
        launch.regionServers() == 0 ? program.main() : Objects.requireNonNull(program.hdfsMain());
    return java(
        launch.home(),
        module,
        launch.folder(),
        launch.classPath(),
        List.of(),
        mainClass,
        arguments(launch));
  }

  /** The native program of a module with these arguments. */
  static List<String> binary(Path home, ServerModule module, List<String> arguments) {
    if (!(module.program() instanceof ServerProgram.NativeBinary program)) {
      throw new IllegalArgumentException(module.server().id() + " runs in Java");
    }
    List<String> words = new ArrayList<>();
    words.add(NativeBinary.find(home, module, program).toString());
    words.addAll(arguments);
    return words;
  }

  /**
   * A main class on the class path of a module, with the JVM options that the module declares.
   *
   * @param first jars and folders that come before the class path
   * @param options further options of the JVM
   */
  static List<String> java(
      Path home,
      ServerModule module,
      Path folder,
      List<Path> first,
      List<String> options,
      String mainClass,
      List<String> arguments) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(javaClass(module).options());
    words.addAll(options);
    words.add("-XX:+ExitOnOutOfMemoryError");
    // The JVM's file of performance data in the temp folder would remain after the process is
    // killed.
    words.add("-XX:-UsePerfData");
    words.add("-Djava.net.preferIPv4Stack=true");
    words.add("-Djava.awt.headless=true");
    words.add("-Djava.io.tmpdir=" + temp(folder));
    words.add("-cp");
    words.add(
        first.stream().map(entry -> entry + File.pathSeparator).collect(Collectors.joining())
            + ServerClassPath.read(home, module).joined());
    words.add(mainClass);
    words.addAll(arguments);
    return words;
  }

  static ServerProgram.JavaClass javaClass(ServerModule module) {
    if (module.program() instanceof ServerProgram.JavaClass program) {
      return program;
    }
    throw new IllegalArgumentException(module.server().id() + " does not run in Java");
  }

  private static List<String> arguments(Launch launch) {
    List<String> arguments = new ArrayList<>();
    arguments.add(launch.folder().toString());
    arguments.add(Integer.toString(launch.port()));
    launch.innerPorts().forEach(port -> arguments.add(Integer.toString(port)));
    if (launch.regionServers() > 0) {
      arguments.add(Integer.toString(launch.regionServers()));
    }
    return arguments;
  }

  private static Path temp(Path folder) {
    try {
      return Files.createDirectories(folder.resolve("tmp"));
    } catch (IOException e) {
      throw new StackException("The temp folder of a server cannot be made: " + e, e);
    }
  }
}
