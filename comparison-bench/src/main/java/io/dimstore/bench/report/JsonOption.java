// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.report;

import io.dimstore.cli.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option {@code --json} of the commands that measure something. */
public final class JsonOption {

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "File to write the figures to as well, as JSON.")
  private @Nullable Path file;

  /** For picocli. */
  public JsonOption() {}

  /**
   * Checks the option before the work whose results it takes. Does nothing if it is not given.
   *
   * @throws io.dimstore.cli.UsageException if the file cannot be written
   */
  public void requireWritable() {
    if (file == null) {
      return;
    }
    Path folder = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file) || folder == null || !Files.isDirectory(folder)) {
      throw Usage.badValue("--json", file, "must be a file in a folder that exists");
    }
  }

  /** Writes the figures if the option is given. An existing file is replaced. */
  public void write(Object figures) throws IOException {
    if (file != null) {
      JsonReport.write(figures, file);
    }
  }
}
