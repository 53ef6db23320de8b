// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.dimstore.jobs.JobException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Writes a result as a JSON file. */
final class ResultFile {

  private ResultFile() {}

  /** Writes the file, unless none is given. */
  static void write(@Nullable Path file, Object result) {
    if (file == null) {
      return;
    }
    try {
      writeText(
          file,
          new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(result));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Not JSON: " + result.getClass().getSimpleName(), e);
    }
  }

  /** Writes a file whose content is JSON already. */
  static void writeText(Path file, String json) {
    try {
      Files.writeString(file, json + "\n");
    } catch (IOException e) {
      throw new JobException(
          "--json "
              + file
              + ": cannot be written ("
              + e
              + "); give a file in a folder that you may write to.",
          e);
    }
  }
}
