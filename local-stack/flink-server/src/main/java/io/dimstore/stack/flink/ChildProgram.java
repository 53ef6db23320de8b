// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.flink;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A program that runs in a child process, with the class path and the JVM options of this process,
 * except those that limit its memory.
 *
 * @param name name of the process, and of its log
 * @param address where clients or operators reach it, or empty
 * @param main the main class, which calls {@link StarterWatch#start}
 * @param memory JVM options that limit its memory
 * @param arguments arguments of the main class
 */
record ChildProgram(
    String name,
    Optional<String> address,
    Class<?> main,
    List<String> memory,
    List<String> arguments) {

  ChildProgram {
    memory = List.copyOf(memory);
    arguments = List.copyOf(arguments);
  }

  /** Returns the log of a program with this name. */
  static Path log(Path folder, String name) {
    return folder.resolve(name + ".log");
  }

  List<String> command() {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (!option.startsWith("-Xm") && !option.startsWith("-XX:MaxMetaspaceSize=")) {
        words.add(option);
      }
    }
    words.addAll(memory);
    words.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    words.addAll(arguments);
    return words;
  }
}
