// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.report;

import io.dimstore.bench.report.JsonReport;
import io.dimstore.migration.replay.StoredComparison;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;

/**
 * The files of a comparison's report. They are replaced after each arm, each by a single move, so
 * that a comparison that is interrupted, however it ends, leaves the report of its finished arms.
 */
public record ReportFiles(Path folder) {

  public Path json() {
    return folder.resolve("results.json");
  }

  public Path html() {
    return folder.resolve("report.html");
  }

  public Path log(String arm) {
    return folder.resolve("arm-" + arm + ".log");
  }

  /**
   * Deletes the files of an earlier comparison, so that they are not taken for this one's. Other
   * files stay, whatever their names begin with: the folder may be one that the user works in.
   *
   * @param arms the arms that an earlier comparison may have run
   */
  public void deleteOld(Collection<String> arms) throws IOException {
    Files.deleteIfExists(json());
    Files.deleteIfExists(html());
    for (String arm : arms) {
      Files.deleteIfExists(log(arm));
    }
  }

  /** Writes the results so far. */
  public void write(Results results) throws IOException {
    Path next = folder.resolve(".next");
    // The hash lets a migration, for which the results are evidence, see that they are whole.
    JsonReport.write(StoredComparison.sealed(JsonReport.tree(results)), next);
    Files.move(next, json(), StandardCopyOption.ATOMIC_MOVE);
    ComparisonPage.write(results, next);
    Files.move(next, html(), StandardCopyOption.ATOMIC_MOVE);
  }
}
