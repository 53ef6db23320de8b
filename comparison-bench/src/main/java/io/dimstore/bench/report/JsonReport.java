// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimstore.cli.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Writes results as JSON: the components of a record become fields of the same names. */
public final class JsonReport {

  private JsonReport() {}

  /**
   * Checks the option {@code --json} before the work whose results it takes.
   *
   * @param file its value, or null if it is not given
   * @throws io.dimstore.cli.UsageException if the file cannot be written
   */
  public static void requireWritable(@Nullable Path file) {
    if (file == null) {
      return;
    }
    Path folder = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file) || folder == null || !Files.isDirectory(folder)) {
      throw Usage.badValue("--json", file, "must be a file in a folder that exists");
    }
  }

  /** Returns the results as the tree that {@link #write} writes. */
  public static ObjectNode tree(Object results) {
    return new ObjectMapper().valueToTree(results);
  }

  /** Writes the results to a file, indented. An existing file is replaced. */
  public static void write(Object results, Path file) throws IOException {
    new ObjectMapper()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValue(file.toFile(), results);
  }
}
