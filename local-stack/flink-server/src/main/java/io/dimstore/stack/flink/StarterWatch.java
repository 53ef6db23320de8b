// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.flink;

import java.io.IOException;

/** Ends a child process together with the process that started it, however that one ends. */
final class StarterWatch {

  private StarterWatch() {}

  /** Watches the pipe from the starter, which is the standard input of this process. */
  static void start() {
    Thread watch = new Thread(StarterWatch::endWithTheStarter, "watch-starter");
    watch.setDaemon(true);
    watch.start();
  }

  private static void endWithTheStarter() {
    try {
      while (System.in.read() >= 0) {
        // The starter never writes to the pipe.
      }
    } catch (IOException e) {
      // The pipe is broken: the starter has ended.
    }
    Runtime.getRuntime().halt(0);
  }
}
