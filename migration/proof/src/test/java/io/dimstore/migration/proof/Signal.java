// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.proof;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.Callable;

/** Files by which the processes of a wave tell each other what they do. */
final class Signal {

  private Signal() {}

  static boolean isSet(Path file) {
    return Files.exists(file);
  }

  /** Replaces the file's content in one step. */
  static void set(Path file, String content) {
    try {
      Path next =
          file.resolveSibling(file.getFileName() + "." + ProcessHandle.current().pid() + ".new");
      Files.writeString(next, content);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void clear(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until a condition holds. */
  static void await(String what, Duration limit, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("Still waiting after " + limit.toSeconds() + " s for: " + what);
      }
      Thread.sleep(20);
    }
  }
}
