// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimstore.bench.compare.oracle.Expected;
import io.dimstore.bench.compare.process.OnlineTables;
import io.dimstore.bench.compare.report.Results;
import io.dimstore.bench.subject.BenchException;
import io.dimstore.features.oracle.OracleRow;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Compares the online feature tables, as dumped by the arm's process, with the rows of the oracle.
 */
public final class OnlineCheck {

  private static final ObjectMapper JSON = new ObjectMapper();

  private OnlineCheck() {}

  /** Compares the tables that a stopped arm has dumped. */
  public static Results.OnlineTables of(Path work, String arm, Expected expected) {
    try {
      long[] counts = new long[2];
      compare(OnlineTables.file(work, arm, OnlineTables.RISK), expected.onlineRisk(), counts);
      compare(
          OnlineTables.file(work, arm, OnlineTables.MARKETING), expected.onlineMarketing(), counts);
      return new Results.OnlineTables(counts[0], counts[1]);
    } catch (IOException e) {
      throw new BenchException("The dump of the online tables cannot be read: " + e, e);
    }
  }

  private static void compare(Path dump, Map<String, OracleRow> expected, long[] counts)
      throws IOException {
    Map<String, OracleRow> left = new HashMap<>(expected);
    try (BufferedReader lines = Files.newBufferedReader(dump)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        counts[0]++;
        JsonNode row = JSON.readTree(line);
        OracleRow wanted = left.remove(row.get("user_id").textValue());
        if (wanted == null || !equal(row, JSON.readTree(wanted.json()))) {
          counts[1]++;
        }
      }
    }
    counts[1] += left.size();
  }

  /**
   * Compares times by value, because writers end fractions of a second with different numbers of
   * zeros.
   */
  private static boolean equal(JsonNode row, JsonNode wanted) {
    if (row.size() != wanted.size()) {
      return false;
    }
    for (Map.Entry<String, JsonNode> field : wanted.properties()) {
      JsonNode value = row.get(field.getKey());
      boolean same =
          (field.getKey().equals("event_time") && value != null)
              ? Instant.parse(value.textValue()).equals(Instant.parse(field.getValue().textValue()))
              : field.getValue().equals(value);
      if (!same) {
        return false;
      }
    }
    return true;
  }
}
