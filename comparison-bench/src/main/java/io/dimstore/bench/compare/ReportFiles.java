// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare;

import io.dimstore.bench.report.JsonReport;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The files of a comparison's report. They are replaced after each arm, each by a single move, so
 * that a comparison that is interrupted, however it ends, leaves the report of its finished arms.
 */
record ReportFiles(Path folder) {

  Path json() {
    return folder.resolve("results.json");
  }

  Path html() {
    return folder.resolve("report.html");
  }

  /** Deletes the files of an earlier comparison, so that they are not taken for this one's. */
  void deleteOld() throws IOException {
    Files.deleteIfExists(json());
    Files.deleteIfExists(html());
    try (DirectoryStream<Path> logs = Files.newDirectoryStream(folder, "arm-*.log")) {
      for (Path log : logs) {
        Files.delete(log);
      }
    }
  }

  /** Writes the results so far. */
  void write(Results results) throws IOException {
    Path next = folder.resolve(".next");
    JsonReport.write(results, next);
    Files.move(next, json(), StandardCopyOption.ATOMIC_MOVE);
    ComparisonPage.write(results, next);
    Files.move(next, html(), StandardCopyOption.ATOMIC_MOVE);
  }
}
