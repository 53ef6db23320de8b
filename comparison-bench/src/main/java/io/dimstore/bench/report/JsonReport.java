// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;

/** Writes results as JSON: the components of a record become fields of the same names. */
public final class JsonReport {

  private JsonReport() {}

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
