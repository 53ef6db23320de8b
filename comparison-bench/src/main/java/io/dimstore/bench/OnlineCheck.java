package io.dimstore.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimstore.features.oracle.OracleRow;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Holds the online feature tables, as the arm's process dumped them, against the oracle's rows. */
final class OnlineCheck {

  private static final ObjectMapper JSON = new ObjectMapper();

  private OnlineCheck() {}

  /** The file to which an arm dumps a table, one JSON object a line. */
  static Path dump(Path work, String arm, String table) {
    return work.resolve(arm + "." + table + ".jsonl");
  }

  static Results.@Nullable OnlineTables of(
      Path work, String arm, ArmReport stopped, Expected expected) {
    try {
      long[] counts = new long[2];
      compare(dump(work, arm, OnlineTables.RISK), expected.onlineRisk(), counts);
      compare(dump(work, arm, OnlineTables.MARKETING), expected.onlineMarketing(), counts);
      return new Results.OnlineTables(counts[0], counts[1]);
    } catch (IOException e) {
      throw new CompareException("The dump of the online tables cannot be read: " + e, e);
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

  /** Times are compared as such: how many zeros a fraction ends with is a matter of the writer. */
  private static boolean equal(JsonNode row, JsonNode wanted) {
    if (row.size() != wanted.size()) {
      return false;
    }
    for (Map.Entry<String, JsonNode> field : wanted.properties()) {
      JsonNode value = row.get(field.getKey());
      boolean same =
          field.getKey().equals("event_time") && value != null
              ? Instant.parse(value.textValue()).equals(Instant.parse(field.getValue().textValue()))
              : field.getValue().equals(value);
      if (!same) {
        return false;
      }
    }
    return true;
  }
}
