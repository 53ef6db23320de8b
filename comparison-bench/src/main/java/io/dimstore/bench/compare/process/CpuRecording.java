// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import jdk.jfr.Recording;
import org.jspecify.annotations.Nullable;

/**
 * Records what the Java threads of this process execute, every 10 ms, with the JDK's flight
 * recorder. Not thread-safe.
 */
final class CpuRecording {

  private final Path file;
  private @Nullable Recording recording;

  CpuRecording(Path file) {
    this.file = file;
  }

  /** Returns the file of an arm's recording. */
  static Path file(Path work, String arm) {
    return work.resolve(arm + ".jfr");
  }

  void begin() {
    Recording started = new Recording();
    started.enable("jdk.ExecutionSample").withPeriod(Duration.ofMillis(10));
    started.start();
    recording = started;
  }

  /** Ends the recording and writes its file. Without a recording, this does nothing. */
  void end() {
    try (Recording ending = recording) {
      if (ending != null) {
        ending.stop();
        ending.dump(file);
        recording = null;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
