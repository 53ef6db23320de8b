// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.replay;

import io.dimstore.migration.phase.MigrationException;
import io.dimstore.migration.phase.StateJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Two files of feature rows, one row a line, from the same events on each of the two stores. Rows
 * are compared as a whole, whatever their order and that of their fields. The files do not say with
 * which store they were written: the person who gives them states it.
 */
public final class FeatureFiles {

  private FeatureFiles() {}

  /**
   * Compares the files.
   *
   * @throws IOException if a file cannot be read
   * @throws MigrationException if both are the same file
   */
  public static ReplayResult compare(Path oldRows, Path newRows) throws IOException {
    if (Files.isSameFile(oldRows, newRows)) {
      throw new MigrationException("--old-features and --new-features are the same file");
    }
    Map<String, Integer> unmatched = new HashMap<>();
    File old = read(oldRows, unmatched, 1);
    File target = read(newRows, unmatched, -1);
    long missing = 0;
    long extra = 0;
    for (int count : unmatched.values()) {
      missing += Math.max(0, count);
      extra += Math.max(0, -count);
    }
    // A row with another value is missing on one side and extra on the other.
    long differences = Math.max(missing, extra);
    List<String> problems = new ArrayList<>();
    if (old.rows == 0 || target.rows == 0) {
      problems.add("no feature row was compared");
    }
    if (differences > 0) {
      problems.add(
          differences
              + " feature rows differ: "
              + missing
              + " only in "
              + oldRows
              + ", "
              + extra
              + " only in "
              + newRows);
    }
    Map<String, String> context = new TreeMap<>();
    context.put("source", "two files, which the operator states to be of the two stores");
    context.put("oldFile", oldRows.toString());
    context.put("oldSha256", old.sha256);
    context.put("oldRows", Long.toString(old.rows));
    context.put("newFile", newRows.toString());
    context.put("newSha256", target.sha256);
    context.put("newRows", Long.toString(target.rows));
    Instant at = old.at.isBefore(target.at) ? old.at : target.at;
    return new ReplayResult(
        ReplayResult.FORMAT, at, target.rows, differences, context, problems, true);
  }

  private record File(long rows, String sha256, Instant at) {}

  private static File read(Path file, Map<String, Integer> unmatched, int sign) throws IOException {
    long rows = 0;
    java.security.MessageDigest digest = StateJson.newSha256();
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.isBlank()) {
          continue;
        }
        digest.update((line + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
        rows++;
        String row =
            line.startsWith("{")
                ? StateJson.canonical(StateJson.parseTree(file + ", row " + rows, line))
                : line;
        // A hash of each row keeps long rows out of memory.
        String key = StateJson.sha256(row);
        if (unmatched.merge(key, sign, Integer::sum) == 0) {
          unmatched.remove(key);
        }
      }
    }
    return new File(
        rows,
        java.util.HexFormat.of().formatHex(digest.digest()),
        Files.getLastModifiedTime(file).toInstant());
  }
}
