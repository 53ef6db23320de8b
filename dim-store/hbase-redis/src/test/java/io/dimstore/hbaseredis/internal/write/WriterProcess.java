// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.History;
import io.dimstore.hbaseredis.fixture.History.Written;
import io.dimstore.stack.HBaseEndpoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A running {@link WriterMain}, whose output is recorded in a history. */
final class WriterProcess {

  private final Process process;
  private final Thread listener;
  private final History history;
  private final AtomicInteger acknowledged = new AtomicInteger();
  private volatile boolean heard;

  private WriterProcess(Process process, History history) {
    this.process = process;
    this.history = history;
    this.listener = new Thread(this::listen, "writer-" + process.pid());
    listener.start();
  }

  static WriterProcess start(
      HBaseEndpoint hbase, int redisPort, String table, int writer, long seed, History history)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx128m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-cp",
            System.getProperty("java.class.path"),
            WriterMain.class.getName(),
            hbase.address(),
            Integer.toString(redisPort),
            table,
            Integer.toString(writer),
            Long.toString(seed)));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    return new WriterProcess(process, history);
  }

  private void listen() {
    Map<String, Written> pending = new HashMap<>();
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.split(" ", -1);
        if (words[0].equals("B")) {
          pending.put(words[1], history.begins(WriterMain.parse(words)));
        } else {
          history.succeeded(pending.remove(words[1]));
          acknowledged.incrementAndGet();
        }
      }
      heard = true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the number of writes that were acknowledged. */
  int acknowledged() {
    return acknowledged.get();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  /** Kills the process and records all of its output. */
  void kill() throws InterruptedException {
    // Process.destroyForcibly() would discard output that has not been read yet.
    process.toHandle().destroyForcibly();
    process.waitFor();
    listener.join();
    assertThat(heard).as("all output of the process").isTrue();
  }
}
