package io.dimstore.hbaseredis;

import static org.assertj.core.api.Assertions.assertThat;

/** Makes a process stand still and go on. */
final class Signals {

  private Signals() {}

  static void stop(long pid) throws Exception {
    send("STOP", pid);
  }

  static void go(long pid) throws Exception {
    send("CONT", pid);
  }

  private static void send(String name, long pid) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start();
    assertThat(kill.waitFor()).isZero();
  }
}
