// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;

/** A folder for the files of one comparison. Closing deletes it with everything inside. */
record WorkFolder(Path path) implements Closeable {

  /** Creates a new folder inside the other one, which is created if it does not exist. */
  static WorkFolder create(Path parent) throws IOException {
    Files.createDirectories(parent);
    return new WorkFolder(Files.createTempDirectory(parent, "work-"));
  }

  @Override
  public void close() throws IOException {
    try (var files = Files.walk(path)) {
      for (Path file : files.sorted(Collections.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
